import { App, Button } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useSay } from '../words.ts'

/** A secret that is told once: to be copied now, for nobody can show it again. */
export const OneTime = ({ title, secret, hints, warning, onDone }: OneTimeLine) => {
  const say = useSay()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    // On a plain-http page the clipboard is forbidden; the secret stands there to be read either way.
    const copied = await navigator.clipboard?.writeText(secret).then(
      () => true,
      () => false,
    )
    if (copied) void message.success(say('enrol.copied'))
    else void message.info(say('enrol.copy-by-hand'))
  }
  return (
    <div className="one-time" data-testid="one-time">
      <Icon name="key" size={36} />
      <b>{title}</b>
      <output className="mono" data-testid="one-time-secret">
        {secret}
      </output>
      <button type="button" className="plain-button" onClick={() => void copy()} data-testid="one-time-copy">
        <Icon name="copy" size={18} />
        {say('one-time.copy')}
      </button>
      <p className="one-time-warning">{warning}</p>
      {hints.map((hint) => (
        <p key={hint} className="soft">
          {hint}
        </p>
      ))}
      <Button type="primary" onClick={onDone} data-testid="one-time-done">
        {say('one-time.done')}
      </Button>
    </div>
  )
}

interface OneTimeLine {
  readonly title: string
  readonly secret: string
  readonly warning: string
  readonly hints: readonly string[]
  readonly onDone: () => void
}
