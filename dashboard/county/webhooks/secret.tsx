import { App, Button, Modal } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useSay } from '../words.ts'

/** A secret, this once: it is not closed by a stray click, for nobody can show it again. */
export const SecretModal = ({ secret, onClose }: { readonly secret: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    // On a plain-http page the clipboard is forbidden; the secret stands there to be read either way.
    const copied = await navigator.clipboard?.writeText(secret ?? '').then(
      () => true,
      () => false,
    )
    if (copied) void message.success(say('webhooks.secret-copied'))
    else void message.info(say('webhooks.secret-by-hand'))
  }
  return (
    <Modal
      open={secret !== null}
      title={say('webhooks.secret-title')}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type="primary" size="large" onClick={onClose} data-testid="secret-kept">
          {say('webhooks.secret-kept')}
        </Button>
      }
    >
      <div className="webhook-secret">
        <p className="webhook-once">
          <Icon name="key" size={20} />
          {say('webhooks.secret-once')}
        </p>
        <output className="mono" data-testid="secret">
          {secret}
        </output>
        <button type="button" className="plain-button" onClick={() => void copy()} data-testid="secret-copy">
          <Icon name="copy" size={18} />
          {say('webhooks.secret-copy')}
        </button>
        <p className="soft">{say('webhooks.secret-how')}</p>
      </div>
    </Modal>
  )
}
