import type { AlarmView } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { useMinuteMs } from '../../parts/now.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { Paper } from '../parts/paper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useMoments, useNode, usePlaceWords, useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'

/** What rings, the gravest first; a person takes each on with a word, and it rings until its cause is gone. */
export const AlarmsPage = () => {
  const say = useSay()
  const alarms = useNode('alarms')
  const [taking, setTaking] = useState<AlarmView | null>(null)
  const rows = alarms.value?.rows.toSorted(openFirst)
  return (
    <div className="work">
      <h1>{say('screen.alarms')}</h1>
      {alarms.trouble && <TroubleNote trouble={alarms.trouble} />}
      {!rows && !alarms.trouble && <Waiting rows={6} />}
      {rows?.length === 0 && <EmptyNote title={say('alarms.none')} hint={say('alarms.none-hint')} />}
      <ul className="alarms">
        {rows?.map((alarm) => (
          <AlarmLine key={alarm.alarm} alarm={alarm} onTake={() => setTaking(alarm)} />
        ))}
      </ul>
      {taking && <TakePaper alarm={taking} onClose={() => setTaking(null)} />}
    </div>
  )
}

const AlarmLine = ({ alarm, onTake }: { readonly alarm: AlarmView; readonly onTake: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const words = usePlaceWords()
  const moment = useMoments()
  const nowMs = useMinuteMs()
  const about = [
    alarm.place && words(alarm.place).room,
    alarm.units !== null && say('alarms.units', { n: numberText(alarm.units) }),
    alarm.expiry && say('alarms.until', { expiry: alarm.expiry }),
    say('alarms.since', { at: dayOf(moment(alarm.raisedAt, nowMs)) }),
  ]
  return (
    <li className={`alarm alarm-${alarm.severity} ${alarm.acknowledgedBy ? 'alarm-taken' : ''}`} data-testid="alarm" data-kind={alarm.kind}>
      <span className="alarm-sign">
        <Icon name={ALARM_ICONS[alarm.kind]} size={30} />
        <small>{say(`severity.${severityOf(alarm)}`)}</small>
      </span>
      <span className="alarm-words">
        <b>{nameIn(alarm.title, language)}</b>
        {hinted(alarm.kind) && <small className="alarm-hint">{say(`hint.${alarm.kind}`)}</small>}
        <small>{about.filter(Boolean).join(' · ')}</small>
      </span>
      {alarm.acknowledgedBy ? (
        <span className="mark mark-good">
          <Icon name="ok" size={20} />
          {say('alarms.taken', { who: alarm.acknowledgedBy })}
        </span>
      ) : (
        <button type="button" className="plain-button" onClick={onTake} data-testid="acknowledge">
          <Icon name="hand" size={24} />
          {say('alarms.take')}
        </button>
      )}
    </li>
  )
}

/** What a keeper does about it, for the kinds that do not say it by themselves. */
const hinted = (kind: AlarmView['kind']): kind is (typeof HINTED)[number] => (HINTED as readonly string[]).includes(kind)
const HINTED = ['device', 'lost-tail', 'refused', 'clone', 'fork', 'two-hubs', 'directive', 'damage', 'digest'] as const

/** For what is older than yesterday the day is enough: most alarms ring at midnight. */
const dayOf = (moment: string): string => (/^\d{4}-/.test(moment) ? moment.slice(0, 10) : moment)

/** What is being done about it: a word that is common for its kind, or the keeper's own. */
const TakePaper = ({ alarm, onClose }: { readonly alarm: AlarmView; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const acknowledge = useBooking('acknowledge')
  const [reason, setReason] = useState('')
  const common = alarm.lot ? (['take.first-out', 'take.off-shelf', 'take.return'] as const) : (['take.checked', 'take.reported'] as const)
  const send = async (said: string): Promise<void> => {
    const answer = await acknowledge.send({ alarm: alarm.alarm, reason: said })
    if (!answer?.ok) return
    booked({ words: say('alarms.taken-on'), entries: [] })
    onClose()
  }
  return (
    <Paper title={say('alarms.what-done')} onClose={onClose} testId="acknowledge-paper">
      <p>
        <b>{nameIn(alarm.title, language)}</b>
      </p>
      {acknowledge.trouble && <TroubleNote trouble={acknowledge.trouble} />}
      <div className="answers">
        {common.map((key) => (
          <button
            type="button"
            key={key}
            className="answer"
            onClick={() => void send(say(key))}
            disabled={acknowledge.state === 'sending'}
            data-testid={key}
          >
            {say(key)}
          </button>
        ))}
      </div>
      <form
        className="reason"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim() !== '') void send(reason.trim())
        }}
      >
        <label>
          {say('take.other')}
          <textarea rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        <button type="submit" className="wide-button quiet" disabled={reason.trim() === ''}>
          {say('alarms.take')}
        </button>
      </form>
    </Paper>
  )
}

/** Not taken on before taken on, the gravest first; the node's own order settles the rest. */
const openFirst = (one: AlarmView, other: AlarmView): number =>
  Number(one.acknowledgedBy !== null) - Number(other.acknowledgedBy !== null) || one.severity - other.severity
const severityOf = (alarm: AlarmView): 'high' | 'middle' | 'low' => (alarm.severity <= 1 ? 'high' : alarm.severity === 2 ? 'middle' : 'low')

/** The picture of each kind of alarm. */
export const ALARM_ICONS: Readonly<Record<AlarmView['kind'], IconName>> = {
  expired: 'expired',
  near: 'near',
  clock: 'clock',
  device: 'node',
  disk: 'warn',
  'lost-tail': 'warn',
  refused: 'discrepancy',
  clone: 'copy',
  fork: 'copy',
  'two-hubs': 'hub',
  directive: 'task',
  damage: 'erase',
  digest: 'discrepancy',
}
