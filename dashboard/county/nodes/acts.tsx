import type { NodeView } from '@lotkeeper/protocol/api/views.ts'
import { App, Button, Checkbox, Dropdown, Form, Input, Modal, Select } from 'antd'
import { useContext, useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useMay } from '../may.tsx'
import { useSay } from '../words.ts'

/** The grave acts on a node, behind a menu and a paper that says what each means: passing its places on, revoking its keys. */
export const NodeActs = ({ node, nodes }: { readonly node: NodeView; readonly nodes: readonly NodeView[] }) => {
  const say = useSay()
  const may = useMay()
  const [act, setAct] = useState<'pass' | 'revoke' | null>(null)
  const mayPass = node.state !== 'online' && node.passedTo === null
  const close = (): void => setAct(null)
  const items = [
    ...(may('passOwnership') ? [{ key: 'pass', label: say('nodes.pass'), disabled: !mayPass }] : []),
    ...(may('revokeKeys') ? [{ key: 'revoke', label: say('nodes.revoke') }] : []),
  ]
  if (items.length === 0) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items,
          onClick: ({ key }) => setAct(key === 'pass' ? 'pass' : 'revoke'),
        }}
      >
        <button type="button" className="quiet-button node-more" aria-label={say('nodes.more')} data-testid={`node-${node.node}-more`}>
          <Icon name="menu" size={18} />
        </button>
      </Dropdown>
      {act === 'pass' && <PassModal node={node} nodes={nodes} onClose={close} />}
      {act === 'revoke' && <RevokeModal node={node} onClose={close} />}
    </>
  )
}

interface Pass {
  readonly to: string
  readonly reason: string
  readonly sure: boolean
}

const PassModal = ({
  node,
  nodes,
  onClose,
}: {
  readonly node: NodeView
  readonly nodes: readonly NodeView[]
  readonly onClose: () => void
}) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const [form] = Form.useForm<Pass>()
  const sure = Form.useWatch('sure', form) === true
  const site = nameIn(node.name, language)
  const pass = useAct((action, { to, reason }: Pass) =>
    hub.ask('passOwnership', { body: { action, from: node.node, to, reason: reason.trim() } }),
  )
  const send = async (asked: Pass): Promise<void> => {
    const answer = await pass.send(asked)
    if (!answer?.ok) return
    void message.success(say('pass.sent'))
    shelf.renew('nodes ', 'sites ')
    onClose()
  }
  return (
    <Modal
      open
      title={say('pass.title', { site })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" danger disabled={!sure} loading={pass.state === 'sending'} onClick={form.submit} data-testid="pass-send">
            {say('pass.send')}
          </Button>
        </>
      }
    >
      <p className="form-hint">{say('pass.hint')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)}>
        <Form.Item name="to" label={say('pass.to')} rules={[{ required: true, message: say('pass.to-pick') }]}>
          <Select
            placeholder={say('pass.to-pick')}
            showSearch={{ optionFilterProp: 'label' }}
            options={nodes
              .filter((one) => one.node !== node.node && one.passedTo === null)
              .map((one) => ({ value: one.node, label: nameIn(one.name, language) }))}
          />
        </Form.Item>
        <Reason />
        <Form.Item name="sure" valuePropName="checked">
          <Checkbox data-testid="pass-sure">{say('pass.sure', { site })}</Checkbox>
        </Form.Item>
        {pass.trouble && <TroubleNote trouble={pass.trouble} />}
      </Form>
    </Modal>
  )
}

interface Revoke {
  readonly key?: string
  readonly reason: string
}

const RevokeModal = ({ node, onClose }: { readonly node: NodeView; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const [form] = Form.useForm<Revoke>()
  const site = nameIn(node.name, language)
  const revoke = useAct((action, { key, reason }: Revoke) =>
    hub.ask('revokeKeys', { body: { action, node: node.node, reason: reason.trim(), ...(key ? { key } : {}) } }),
  )
  const send = async (asked: Revoke): Promise<void> => {
    const answer = await revoke.send(asked)
    if (!answer?.ok) return
    void message.success(say('revoke.sent', { n: answer.value.revoked.length }))
    shelf.renew('nodes ')
    onClose()
  }
  return (
    <Modal
      open
      title={say('revoke.title', { site })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" danger loading={revoke.state === 'sending'} onClick={form.submit} data-testid="revoke-send">
            {say('revoke.send')}
          </Button>
        </>
      }
    >
      <p className="form-hint">{say('revoke.hint')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(asked) => void send(asked)}>
        <Reason />
        <Form.Item name="key" label={say('revoke.key')} rules={[{ pattern: /^[0-9A-F]{16}$/, message: say('revoke.key-wrong') }]}>
          <Input maxLength={16} className="mono" />
        </Form.Item>
        {revoke.trouble && <TroubleNote trouble={revoke.trouble} />}
      </Form>
    </Modal>
  )
}

const Reason = () => {
  const say = useSay()
  return (
    <Form.Item
      name="reason"
      extra={say('form.no-names')}
      label={say('pass.reason')}
      rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
    >
      <Input.TextArea rows={2} maxLength={500} data-testid="node-act-reason" />
    </Form.Item>
  )
}
