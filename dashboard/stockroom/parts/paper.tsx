import { type ReactNode, useEffect, useRef } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { useSay } from '../words.ts'

/** A paper laid over the page; Esc, the cross and a touch beside it take it away. */
export const Paper = ({
  title,
  onClose,
  children,
  testId,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly testId?: string
}) => {
  const say = useSay()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className="paper"
      aria-label={title}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="paper-sheet">
        <header>
          <h2>{title}</h2>
          <button type="button" className="round-button" onClick={onClose} aria-label={say('page.close')}>
            <Icon name="close" size={24} />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
