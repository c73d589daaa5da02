import type { NodeCertificateRow } from '@lotkeeper/protocol/api/hub-node-certificates.ts'
import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { EnrolCode } from '../nodes/enrol-code.tsx'
import { useSay } from '../words.ts'

interface Act {
  readonly row: NodeCertificateRow
  readonly onDone: () => void
}

/** What a person may do about a node's certificate: a code to enrol again, a renewal now, and the door shut. */
export const CertificateActs = ({ row, onDone }: Act) => {
  const say = useSay()
  const { hub } = useCounty()
  const { language } = useLanguage()
  const { message } = App.useApp()
  const [open, setOpen] = useState<'code' | 'shut' | null>(null)
  const site = nameIn(row.name, language)
  const renew = useAct((action) => hub.ask('renewNodeCertificate', { body: { action, node: row.node } }))
  const askRenewal = async (): Promise<void> => {
    const answer = await renew.send({})
    if (!answer) return
    if (!answer.ok) return void message.error(<TroubleNote trouble={answer.trouble} />)
    void message.success(say(answer.value.online ? 'node-cert.renew-asked' : 'node-cert.renew-later', { site }))
    onDone()
    // The node answers within a second or two; then the row has its new days.
    if (answer.value.online) setTimeout(onDone, ANSWERED_MS)
  }
  const close = (): void => setOpen(null)
  const mayRenew = row.keys.length > 0 && row.state !== 'revoked' && row.state !== 'ended'
  return (
    <span className="cert-acts">
      <Button size="small" onClick={() => setOpen('code')} data-testid={`cert-${row.node}-code`}>
        {say('node-cert.code')}
      </Button>
      <Button
        size="small"
        disabled={!mayRenew}
        loading={renew.state === 'sending'}
        onClick={() => void askRenewal()}
        data-testid={`cert-${row.node}-renew`}
      >
        {say('node-cert.renew')}
      </Button>
      <Button
        size="small"
        danger
        disabled={row.keys.length === 0 || row.state === 'revoked'}
        onClick={() => setOpen('shut')}
        data-testid={`cert-${row.node}-shut`}
      >
        {say('node-cert.shut')}
      </Button>
      {open === 'code' && <CodeModal row={row} site={site} onClose={close} />}
      {open === 'shut' && <ShutModal row={row} site={site} onClose={close} onDone={onDone} />}
    </span>
  )
}

/** A node makes two requests and keeps two files. */
const ANSWERED_MS = 3_000

interface Opened {
  readonly row: NodeCertificateRow
  readonly site: string
  readonly onClose: () => void
}

const CodeModal = ({ row, site, onClose }: Opened) => {
  const say = useSay()
  const { hub } = useCounty()
  const make = useAct((action) =>
    hub.ask('createEnrolment', { body: { action, node: row.node, name: row.name, ...(row.keys.length > 0 ? { replace: true } : {}) } }),
  )
  return (
    <Modal open title={say('node-cert.code-title', { site })} onCancel={onClose} footer={null}>
      {make.value ? (
        <EnrolCode code={make.value.code} until={make.value.until} node={row.node} isKnown={row.keys.length > 0} />
      ) : (
        <>
          <p className="form-hint">{say('node-cert.code-hint')}</p>
          {make.trouble && <TroubleNote trouble={make.trouble} />}
          <Button type="primary" block loading={make.state === 'sending'} onClick={() => void make.send({})} data-testid="cert-code-make">
            {say('enrol.make')}
          </Button>
        </>
      )}
    </Modal>
  )
}

const ShutModal = ({ row, site, onClose, onDone }: Opened & Pick<Act, 'onDone'>) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly reason: string }>()
  const shut = useAct((action, { reason }: { readonly reason: string }) =>
    hub.ask('revokeKeys', { body: { action, node: row.node, reason: reason.trim() } }),
  )
  const send = async (asked: { readonly reason: string }): Promise<void> => {
    const answer = await shut.send(asked)
    if (!answer?.ok) return
    void message.success(say('node-cert.shut-sent', { site }))
    onDone()
    onClose()
  }
  return (
    <Modal
      open
      title={say('node-cert.shut-title', { site })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" danger loading={shut.state === 'sending'} onClick={form.submit} data-testid="cert-shut-send">
            {say('node-cert.shut')}
          </Button>
        </>
      }
    >
      <p className="form-hint">{say('node-cert.shut-hint')}</p>
      <p className="form-hint">{say('node-cert.shut-back')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ reason: say('node-cert.shut-reason-usual') }}
        onFinish={(asked) => void send(asked)}
      >
        <Form.Item
          name="reason"
          label={say('node-cert.shut-reason')}
          rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
        {shut.trouble && <TroubleNote trouble={shut.trouble} />}
      </Form>
    </Modal>
  )
}
