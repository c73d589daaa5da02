import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { placeOf, VIRTUAL_KINDS, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { App, Button, Drawer, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useHub, usePlaceWords, useSites } from '../county.ts'
import { useMay } from '../may.tsx'
import { useSay } from '../words.ts'
import './forms.css'

/** What a site is asked about: a lot, and the place where that is known. */
export interface AskSubject {
  readonly lot: string
  readonly place: string | null
  readonly site: string | null
}

/** The way to ask: a small sign beside what does not agree. */
export const AskButton = ({ onAsk }: { readonly onAsk: () => void }) => {
  const say = useSay()
  const may = useMay()
  if (!may('askNode')) return null
  return (
    <button
      type="button"
      className="ask-button"
      onClick={onAsk}
      title={say('ask.open')}
      aria-label={say('ask.open')}
      data-testid="ask-open"
    >
      <Icon name="count" size={20} />
    </button>
  )
}

/** Asks the owner of a place to count a lot there or to book a correction: the county itself books nothing in a room. */
export const AskDrawer = ({ subject, onClose }: { readonly subject: AskSubject | null; readonly onClose: () => void }) => {
  const say = useSay()
  const lot = useHub('lot', subject ? { lot: subject.lot } : null)
  return (
    <Drawer open={subject !== null} onClose={onClose} title={say('ask.title')} size={480} destroyOnHidden>
      {lot.trouble && <TroubleNote trouble={lot.trouble} />}
      {!lot.value && !lot.trouble && <Waiting rows={5} />}
      {lot.value && subject && <AskForm lot={lot.value} subject={subject} onClose={onClose} />}
    </Drawer>
  )
}

interface Asked {
  readonly what: 'count' | 'correct'
  readonly place: string
  readonly direction: 'less' | 'more'
  readonly against: (typeof AGAINST)[number]
  readonly units?: number
  readonly reason: string
}

const AskForm = ({ lot, subject, onClose }: { readonly lot: LotView; readonly subject: AskSubject; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const words = usePlaceWords()
  const sites = useSites()
  const [form] = Form.useForm<Asked>()
  const what = Form.useWatch('what', form) ?? 'count'
  const ask = useAct((action, asked: Omit<HubBody<'askNode'>, 'action'>) => hub.ask('askNode', { body: { action, ...asked } }))
  const places = placesOf(lot, subject)
  const send = async (asked: Asked): Promise<void> => {
    const answer = await ask.send(bodyOf(lot.lot, asked))
    if (!answer?.ok) return
    const owner = sites.get(placeOf(asked.place)?.owner ?? '')
    void message.success(say('ask.sent', { site: owner ? nameIn(owner.name, language) : asked.place }))
    onClose()
  }
  if (places.length === 0) return <EmptyNote title={say('ask.no-place')} />
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ what: 'count', place: subject.place ?? places[0], direction: 'less', against: 'adjusted' }}
      onFinish={(asked) => void send(asked)}
      disabled={ask.state === 'sending'}
    >
      <p className="form-hint">{say('ask.hint')}</p>
      <p className="ask-lot">
        <b>{nameIn(lot.item.name, language)}</b> <span className="mono">{lot.lotNumber}</span>
      </p>
      <Form.Item name="what" label={say('ask.what')}>
        <Segmented
          block
          options={[
            { value: 'count', label: say('ask.count') },
            { value: 'correct', label: say('ask.correct') },
          ]}
        />
      </Form.Item>
      <Form.Item name="place" label={say('ask.place')} rules={[{ required: true, message: say('ask.place-pick') }]}>
        <Select
          options={places.map((place) => {
            const said = words(place)
            const units = lot.whereIs.find((one) => one.place === place)?.units ?? 0
            return { value: place, label: `${said.whole} ${said.stateWord} · ${numberText(units)} ${nameIn(lot.item.unit, language)}` }
          })}
        />
      </Form.Item>
      {what === 'correct' && <Correction />}
      <Form.Item
        name="reason"
        extra={say('form.no-names')}
        label={say('ask.reason')}
        rules={[{ required: true, whitespace: true, message: say('form.needed') }]}
      >
        <Input.TextArea rows={3} maxLength={500} data-testid="ask-reason" />
      </Form.Item>
      {ask.trouble && <TroubleNote trouble={ask.trouble} />}
      <Button type="primary" htmlType="submit" size="large" block loading={ask.state === 'sending'} data-testid="ask-send">
        {say('ask.send')}
      </Button>
    </Form>
  )
}

/** Which way the books are wrong, by how much, and where the difference belongs. */
const Correction = () => {
  const say = useSay()
  return (
    <>
      <Form.Item name="direction" label={say('ask.direction')}>
        <Select options={(['less', 'more'] as const).map((value) => ({ value, label: say(`ask.${value}`) }))} />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="units" label={say('ask.units')} rules={[{ required: true, message: say('form.needed') }]}>
          <InputNumber min={1} max={1_000_000_000} precision={0} style={{ width: '100%' }} data-testid="ask-units" />
        </Form.Item>
        <Form.Item name="against" label={say('ask.against')}>
          <Select options={AGAINST.map((value) => ({ value, label: say(`place.${value}`) }))} />
        </Form.Item>
      </div>
    </>
  )
}

/** The rooms that hold the lot, of the site asked about if one is; the place that is already named stays even when it is empty. */
const placesOf = (lot: LotView, subject: AskSubject): readonly string[] => {
  const rooms = lot.whereIs.map((one) => one.place).filter((place) => placeOf(place)?.room != null)
  const mine = rooms.filter((place) => subject.site === null || placeOf(place)?.owner === subject.site)
  const known = mine.length > 0 ? mine : rooms
  return subject.place === null || known.includes(subject.place) ? known : [subject.place, ...known]
}

const bodyOf = (lot: string, { what, place, direction, against, units, reason }: Asked): Omit<HubBody<'askNode'>, 'action'> => {
  const asked = { what, place, lot, reason: reason.trim() }
  const owner = placeOf(place)?.owner
  if (what === 'count' || !owner || !units) return asked
  const other = virtualPlace(owner, against)
  const [from, to] = direction === 'less' ? [place, other] : [other, place]
  return { ...asked, lines: [{ lot, from, to, units }] }
}

/** What a correction may be booked against: neither the supplier's word nor goods on their way are the county's to correct. */
const AGAINST = VIRTUAL_KINDS.filter((kind) => kind !== 'supplier' && kind !== 'transit' && kind !== 'transformed')
