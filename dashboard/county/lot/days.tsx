import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { Button, Form, Input, Select } from 'antd'
import { useContext } from 'react'
import { useAct } from '../../parts/act.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useMoments, useSites } from '../county.ts'
import { Allowed } from '../may.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useWho } from '../parts/who.tsx'
import { useSay } from '../words.ts'

interface Said {
  readonly expiry: string
  readonly reason?: string
}

/** Where several last days of a lot were told: which stand against each other, what was answered, and the way to answer. */
export const LotDays = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const moments = useMoments()
  const who = useWho()
  const { days } = lot
  const siteName = (site: string): string => nameIn(sites.get(site)?.name ?? { zh: site, en: site }, language)
  if (!days) return null
  return (
    <Sheet title={say('days.title')} hint={say(days.open.length > 0 ? 'days.open' : 'days.settled', { day: lot.expiry ?? '-' })}>
      <div className="lot-days" data-testid="lot-days" data-open={days.open.length}>
        <p>{say('days.told', { days: days.told.join('、') })}</p>
        <ul>
          {days.answers.map(({ version, expiry, by, actor, at, reason, entry }) => (
            <li key={entry}>
              {say('days.answer', {
                n: version,
                day: expiry,
                who: [by === 'hub' ? say('place.hub') : siteName(by), actor && who(actor)].filter(Boolean).join(' · '),
              })}{' '}
              <small className="soft">
                {moments.short(at, Date.now())} {reason}
              </small>
            </li>
          ))}
        </ul>
        <Allowed route="settleExpiry">
          <Answer lot={lot} stands={days.open.length > 0 ? days.open : [lot.expiry ?? ''].filter(Boolean)} />
        </Allowed>
      </div>
    </Sheet>
  )
}

const Answer = ({ lot, stands }: { readonly lot: LotView; readonly stands: readonly string[] }) => {
  const say = useSay()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const [form] = Form.useForm<Said>()
  const settle = useAct((action, { expiry, reason }: Said) => {
    const said = reason?.trim() ?? ''
    return hub.ask('settleExpiry', { body: { action, lot: lot.lot, expiry, shown: [...stands], ...(said === '' ? {} : { reason: said }) } })
  })
  const send = async (said: Said): Promise<void> => {
    const answer = await settle.send(said)
    // A refusal says that somebody else was faster: what is shown is old then.
    shelf.renew('lot ', 'discrepancies ')
    if (answer?.ok) form.resetFields()
  }
  const told = [...new Set([...stands, ...(lot.days?.told ?? [])])].toSorted()
  return (
    <Form form={form} layout="inline" requiredMark={false} onFinish={(said) => void send(said)}>
      {settle.trouble && <TroubleNote trouble={settle.trouble} />}
      <Form.Item name="expiry" rules={[{ required: true, message: say('days.which') }]}>
        <Select
          placeholder={say('days.which')}
          style={{ minWidth: 180 }}
          options={told.filter((day) => stands.length > 1 || day !== lot.expiry).map((day) => ({ value: day, label: day }))}
          data-testid="days-which"
        />
      </Form.Item>
      <Form.Item name="reason" extra={say('form.no-names')}>
        <Input placeholder={say('days.why')} maxLength={500} data-testid="days-why" />
      </Form.Item>
      <Button htmlType="submit" type="primary" loading={settle.state === 'sending'} data-testid="days-send">
        {say('days.send')}
      </Button>
    </Form>
  )
}
