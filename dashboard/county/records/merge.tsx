import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { App, Button, Checkbox, Form, Modal } from 'antd'
import { useContext } from 'react'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useMoments } from '../county.ts'
import { Allowed } from '../may.tsx'
import { useSay } from '../words.ts'
import { PickRecord } from './pick.tsx'
import './records.css'
import { Who } from '../parts/who.tsx'

type MergeOf = HubBody<'mergeRecords'>['of']

/** Says that a record is another one: what follows is told before, and it can be taken back. */
export const MergeModal = ({ of, id, name, onClose }: MergeLine) => {
  const say = useSay()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ readonly to: string; readonly sure: boolean }>()
  const sure = Form.useWatch('sure', form) === true
  const to = Form.useWatch('to', form) as string | undefined
  const merge = useMerge()
  const send = async (): Promise<void> => {
    if (to === undefined || !(await merge.send({ of, id, to }))?.ok) return
    void message.success(say('merge.done', { id, to }))
    onClose()
  }
  return (
    <Modal
      open
      title={say('merge.title', { name })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" disabled={!sure} loading={merge.state === 'sending'} onClick={form.submit} data-testid="merge-send">
            {say('merge.send')}
          </Button>
        </>
      }
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={() => void send()}>
        <Form.Item name="to" label={say('merge.to')} rules={[{ required: true, message: say('form.needed') }]}>
          <PickRecord of={of} without={id} data-testid="merge-to" />
        </Form.Item>
        <ul className="consequences">
          {CONSEQUENCES.filter((one) => of === 'item' || one !== 'codes').map((one) => (
            <li key={one}>
              <Icon name={one === 'undo' ? 'undo' : 'forward'} size={16} />
              <span>{say(`merge.${one}`, { id, to: to ?? '…' })}</span>
            </li>
          ))}
        </ul>
        <Form.Item name="sure" valuePropName="checked">
          <Checkbox data-testid="merge-sure">{say('merge.sure')}</Checkbox>
        </Form.Item>
        {merge.trouble && <TroubleNote trouble={merge.trouble} />}
      </Form>
    </Modal>
  )
}

interface MergeLine {
  readonly of: MergeOf
  readonly id: string
  readonly name: string
  readonly onClose: () => void
}

/** Every merge that ever touched a record, with the way back for those that stand. */
export const Merges = ({ merges }: { readonly merges: readonly Merged[] }) => {
  const say = useSay()
  const moments = useMoments()
  const { message } = App.useApp()
  const merge = useMerge()
  if (merges.length === 0) return null
  const undo = async ({ of, id }: Merged): Promise<void> => {
    if ((await merge.send({ of, id, to: null }))?.ok) void message.success(say('merge.undone', { id }))
  }
  return (
    <section className="record-part">
      <h3>{say('merge.history')}</h3>
      {merge.trouble && <TroubleNote trouble={merge.trouble} />}
      <ul className="merges">
        {merges.map((one, at) => (
          <li key={`${one.id} ${one.version}`} data-testid="merged">
            <span>{one.to === null ? say('merge.parted', { id: one.id }) : say('merge.joined', { id: one.id, to: one.to })}</span>
            <small className="faint">
              <Who id={one.actor ?? ''} /> {moments.full(one.at).slice(0, MINUTES)}
            </small>
            {one.to !== null && merges.findIndex(({ id }) => id === one.id) === at && (
              <Allowed route="mergeRecords">
                <Button size="small" loading={merge.state === 'sending'} onClick={() => void undo(one)} data-testid="merge-undo">
                  {say('merge.take-back')}
                </Button>
              </Allowed>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface Merged {
  readonly of: MergeOf
  readonly id: string
  readonly to: string | null
  readonly version: number
  readonly actor: string | null
  readonly at: string
}

const useMerge = () => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  return useAct(async (action, asked: Omit<HubBody<'mergeRecords'>, 'action'>) => {
    const answer = await hub.ask('mergeRecords', { body: { action, ...asked } })
    if (answer.ok) shelf.renew('item', 'part', 'certificate', 'permits', 'find', 'provisionals ')
    return answer
  })
}

const CONSEQUENCES = ['shown', 'signed', 'closed', 'codes', 'undo'] as const
const MINUTES = 16
