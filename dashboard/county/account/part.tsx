import { Button } from 'antd'
import { type ReactNode, useState } from 'react'

/** One thing of one's own account: what it is, and behind a button the way to change it. */
export const AccountPart = ({ name, title, hint, change, children }: PartLine) => {
  const [open, setOpen] = useState(false)
  return (
    <section className="account-part" data-testid={`account-${name}`}>
      <h3>
        {title}
        {!open && (
          <Button size="small" onClick={() => setOpen(true)} data-testid={`account-${name}-open`}>
            {change}
          </Button>
        )}
      </h3>
      <p className="soft">{hint}</p>
      {open && children(() => setOpen(false))}
    </section>
  )
}

interface PartLine {
  readonly name: string
  readonly title: string
  readonly hint: string
  readonly change: string
  /** The form, and how it closes. */
  readonly children: (close: () => void) => ReactNode
}
