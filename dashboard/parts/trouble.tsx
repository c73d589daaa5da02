import type { ReactNode } from 'react'
import { mayRetry, type Trouble } from './door.ts'
import { Icon } from './icons.tsx'
import { nameIn, useLanguage, useSayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

/** A trouble in the reader's language, its code small beside it for whoever is asked for help. */
export const TroubleNote = ({ trouble, again }: { readonly trouble: Trouble; readonly again?: (() => void) | undefined }) => {
  const { language } = useLanguage()
  const say = useSayIn(SHARED_TEXTS)
  return (
    <div className="trouble" role="alert" data-testid="trouble" data-code={trouble.code}>
      <Icon name={trouble.status === 0 ? 'link-off' : 'warn'} size={22} />
      <div className="trouble-words">
        <strong>{nameIn(trouble, language)}</strong>
        <small>
          {trouble.code}
          {mayRetry(trouble) && ` · ${say('page.retrying')}`}
        </small>
      </div>
      {again && (
        <button type="button" className="plain-button" onClick={again}>
          <Icon name="renew" size={18} />
          {say('page.again')}
        </button>
      )}
    </div>
  )
}

/** Nothing here yet: a sentence of what that means and what to do. */
export const EmptyNote = ({ title, hint, children }: { readonly title: string; readonly hint?: string; readonly children?: ReactNode }) => (
  <div className="empty" data-testid="empty">
    <svg width="72" height="56" viewBox="0 0 72 56" fill="none" aria-hidden="true">
      <path d="M12 22l24-10 24 10v22L36 54 12 44z" className="empty-box" />
      <path d="M12 22l24 10 24-10M36 32v22" className="empty-edge" />
      <path d="M24 4h24M30 9h12" className="empty-edge" strokeLinecap="round" />
    </svg>
    <strong>{title}</strong>
    {hint && <p>{hint}</p>}
    {children}
  </div>
)

/** Grey bars where rows will stand, so that the page does not jump when they come. */
export const Waiting = ({ rows = 4 }: { readonly rows?: number }) => {
  const say = useSayIn(SHARED_TEXTS)
  return (
    <div className="waiting" role="status" aria-label={say('page.loading')}>
      {BARS.slice(0, rows).map((width) => (
        <span key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}

/** Widths of the bars, uneven like words are. */
const BARS = [92, 75, 84, 67, 88, 71, 80, 63, 86, 77]

/** What is shown when the page itself broke: the books are elsewhere and safe, and a reload is one tap away. */
export const BrokenWords = ({ words }: { readonly words: string }) => {
  const say = useSayIn(SHARED_TEXTS)
  return (
    <EmptyNote title={say('page.broke')} hint={say('page.broke-hint')}>
      <code>{words}</code>
      <button type="button" className="plain-button" onClick={() => window.location.reload()}>
        {say('page.reload')}
      </button>
    </EmptyNote>
  )
}
