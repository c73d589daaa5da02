import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useHub } from '../county.ts'
import { Allowed } from '../may.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'

/** The hub itself: its incarnation, whether a second copy is written, how large its tree is, and the text of its newest checkpoint. */
export const HubCard = () => {
  const say = useSay()
  const health = useHub('health')
  const checkpoint = useHub('checkpoint')
  const [rotating, setRotating] = useState(false)
  const copy = health.value?.secondCopy
  return (
    <Sheet
      title={say('hub.title')}
      {...(health.value ? { hint: `Lotkeeper ${health.value.version}` } : {})}
      aside={
        <Allowed route="rotateHubKey">
          <Button size="small" icon={<Icon name="key" size={16} />} onClick={() => setRotating(true)} data-testid="rotate-open">
            {say('hub.rotate')}
          </Button>
        </Allowed>
      }
    >
      {health.trouble && <TroubleNote trouble={health.trouble} />}
      {health.value && (
        <dl className="hub-facts" data-testid="hub-facts">
          <div title={say('hub.incarnation-hint')}>
            <dt>{say('hub.incarnation')}</dt>
            <dd data-testid="hub-incarnation">{numberText(health.value.incarnation)}</dd>
            <small>{say('hub.incarnation-hint')}</small>
          </div>
          <div>
            <dt>{say('hub.second-copy')}</dt>
            <dd>
              <span className={`mark ${COPY_MARKS[health.value.secondCopy]}`} data-testid="hub-copy" data-state={copy}>
                <Icon name={copy === 'ok' ? 'ok' : copy === 'failing' ? 'warn' : 'unknown'} size={16} />
                {say(`hub.copy-${health.value.secondCopy}`)}
              </span>
            </dd>
            {copy === 'none' && <small>{say('hub.copy-none-hint')}</small>}
          </div>
          <div>
            <dt>{say('hub.tree')}</dt>
            <dd>{checkpoint.value ? say('hub.tree-n', { n: numberText(checkpoint.value.size) }) : say('page.nothing')}</dd>
            {checkpoint.value && <CheckpointText text={checkpoint.value.text} />}
          </div>
        </dl>
      )}
      {rotating && <RotateModal onClose={() => setRotating(false)} />}
    </Sheet>
  )
}

const CheckpointText = ({ text }: { readonly text: string | null }) => {
  const say = useSay()
  if (text === null) return <small>{say('hub.no-checkpoint')}</small>
  return (
    <details className="checkpoint">
      <summary>{say('hub.checkpoint')}</summary>
      <pre className="mono" data-testid="checkpoint-text">
        {text}
      </pre>
    </details>
  )
}

const RotateModal = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly reason: string }>()
  const rotate = useAct((action, asked: { readonly reason: string }) => hub.ask('rotateHubKey', { body: { action, ...asked } }))
  const send = async ({ reason }: { readonly reason: string }): Promise<void> => {
    const answer = await rotate.send({ reason: reason.trim() })
    if (!answer?.ok) return
    void message.success(say('rotate.sent', { key: answer.value.key, incarnation: answer.value.incarnation }))
    onClose()
  }
  return (
    <Modal
      open
      title={say('hub.rotate')}
      onCancel={onClose}
      onOk={form.submit}
      okText={say('hub.rotate')}
      cancelText={say('page.cancel')}
      confirmLoading={rotate.state === 'sending'}
    >
      <p className="form-hint">{say('rotate.hint')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)}>
        <Form.Item
          name="reason"
          extra={say('form.no-names')}
          label={say('pass.reason')}
          rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
        {rotate.trouble && <TroubleNote trouble={rotate.trouble} />}
      </Form>
    </Modal>
  )
}

const COPY_MARKS: Readonly<Record<HubAnswer<'health'>['secondCopy'], string>> = { none: '', ok: 'mark-good', failing: 'mark-bad' }
