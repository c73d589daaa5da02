import type { ReactNode } from 'react'
import './lists.css'

/** A sheet of paper on the desk: title, a word of explanation, what can be done, and the content. */
export const Sheet = ({ title, hint, aside, className, children }: SheetLine) => (
  <section className={`sheet ${className ?? ''}`}>
    <header className="sheet-head">
      <h2>{title}</h2>
      {hint && <small>{hint}</small>}
      {aside && <span className="sheet-aside">{aside}</span>}
    </header>
    {children}
  </section>
)

interface SheetLine {
  readonly title: ReactNode
  readonly hint?: string
  readonly aside?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}
