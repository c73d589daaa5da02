import type { ReactNode } from 'react'
import './records.css'

/** What a record says, name by name. */
export const Facts = ({ children }: { readonly children: ReactNode }) => <dl className="record-facts">{children}</dl>

/** One fact; nothing is shown for what nobody filled in. */
export const Fact = ({ name, wide = false, children }: { readonly name: string; readonly wide?: boolean; readonly children: ReactNode }) =>
  children === undefined || children === null || children === '' ? null : (
    <div className={wide ? 'fact-wide' : ''}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
