import { Button, Form, type FormInstance } from 'antd'
import type { ReactNode } from 'react'
import { LockNote, useLock } from '../people/use-lock.tsx'
import type { Once } from '../people/use-once.ts'
import { useSay } from '../words.ts'

/** The form of every face of the door: its fields, why it did not go and how long one waits, and the word that goes in. */
export const DoorForm = <Asked,>({ form, asking, hint, enter, testId, isNoteless = false, onFinish, children }: DoorFormLine<Asked>) => {
  const say = useSay()
  const left = useLock(asking.trouble)
  return (
    <Form
      {...(form ? { form } : {})}
      layout="vertical"
      size="large"
      requiredMark={false}
      onFinish={(asked: Asked) => void onFinish(asked)}
      disabled={asking.sending}
    >
      {hint && <p className="form-hint">{hint}</p>}
      {children}
      {!isNoteless && <LockNote trouble={asking.trouble} left={left} />}
      <Button type="primary" htmlType="submit" block loading={asking.sending} disabled={left > 0} data-testid={testId}>
        {left > 0 ? say('lock.button', { n: left }) : enter}
      </Button>
    </Form>
  )
}

interface DoorFormLine<Asked> {
  /** Whoever watches a field while it is typed. */
  readonly form?: FormInstance<Asked>
  readonly asking: Pick<Once<never, unknown>, 'sending' | 'trouble'>
  readonly hint?: string
  /** What the button says. */
  readonly enter: string
  readonly testId: string
  /** What the hub said is shown as a field instead. */
  readonly isNoteless?: boolean
  readonly onFinish: (asked: Asked) => Promise<void>
  readonly children: ReactNode
}
