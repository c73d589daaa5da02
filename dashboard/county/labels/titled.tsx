import type { ReactNode } from 'react'

/** A control under its title. */
export const Titled = ({ title, hint, className, children }: TitledLine) => (
  <fieldset className={`titled ${className ?? ''}`} title={hint} aria-label={title}>
    <span>{title}</span>
    {children}
  </fieldset>
)

interface TitledLine {
  readonly title: string
  readonly hint?: string
  readonly className?: string
  readonly children: ReactNode
}
