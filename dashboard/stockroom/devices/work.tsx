import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { MAINTENANCE, type MaintenanceWork } from '@lotkeeper/protocol/rules/maintenance.ts'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { Choices } from '../parts/choices.tsx'
import { Paper } from '../parts/paper.tsx'
import { useBooking } from '../parts/use-booking.ts'
import { useStockroom } from '../stockroom.ts'
import { useSay } from '../words.ts'
import { DeviceName } from './name.tsx'

/** What somebody did to a device. By keys alone: Tab between the parts, arrows choose, Enter records, Esc leaves. */
export const WorkPaper = ({ device, onClose }: { readonly device: DeviceView; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { booked } = useStockroom()
  const maintain = useBooking('maintain')
  const works = worksOf(device)
  const [what, setWhat] = useState<MaintenanceWork>(works[0] ?? 'other')
  const [antenna, setAntenna] = useState<string>(WHOLE)
  const [words, setWords] = useState('')
  const { renews } = MAINTENANCE[what]
  const asksAntenna = device.antennas.length > 1 && OF_ANTENNA.includes(what)
  const ready = (what !== 'other' || words.trim() !== '') && maintain.state !== 'sending'
  const send = async (): Promise<void> => {
    const port = asksAntenna && antenna !== WHOLE ? { antenna: Number(antenna) } : {}
    const said = words.trim() === '' ? {} : { words: words.trim() }
    const answer = await maintain.send({ device: device.device, what, ...port, ...said })
    if (!answer?.ok) return
    booked({ words: say('devices.work-booked', { what: nameIn(MAINTENANCE[what], language) }), entries: [] })
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) void send()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>): void => {
    // In a text of several lines Enter is a new line.
    if (event.key === 'Enter' && (event.target instanceof HTMLTextAreaElement ? event.ctrlKey : event.target instanceof HTMLInputElement))
      submit(event)
  }
  return (
    <Paper title={say('devices.work-title')} onClose={onClose} testId="work-paper">
      <form className="work-form" onSubmit={submit} onKeyDown={onKeyDown}>
        <p className="soft">
          <DeviceName device={device} />
        </p>
        <Choices
          label={say('devices.work-title')}
          value={what}
          onChange={setWhat}
          options={works.map((one) => ({ value: one, words: nameIn(MAINTENANCE[one], language) }))}
        />
        {asksAntenna && (
          <Choices
            label={say('devices.work-which')}
            value={antenna}
            onChange={setAntenna}
            options={[WHOLE, ...device.antennas.map((one) => String(one.antenna))].map((one) => ({
              value: one,
              words: one === WHOLE ? say('devices.work-whole') : say('devices.antenna', { n: one }),
            }))}
          />
        )}
        <label className="work-words">
          {say(what === 'other' ? 'devices.work-words-other' : 'devices.work-words')}
          <textarea rows={2} maxLength={500} value={words} onChange={(event) => setWords(event.target.value)} data-testid="work-words" />
        </label>
        {renews !== 'none' && <p className="soft">{say('devices.work-renews')}</p>}
        {maintain.trouble && <TroubleNote trouble={maintain.trouble} />}
        <button type="submit" className="wide-button" disabled={!ready} data-testid="work-book">
          <Icon name="ok" size={28} />
          {maintain.state === 'sending' ? say('page.sending') : say('devices.work-book')}
        </button>
      </form>
    </Paper>
  )
}

/** A scanner has a battery and no antennas, a reader the other way round. */
const worksOf = ({ kind }: DeviceView): readonly MaintenanceWork[] =>
  kind === 'scanner'
    ? ['cleaned', 'battery', 'reader-replaced', 'other']
    : ['cleaned', 'cable-replaced', 'plugs-exchanged', 'antenna-moved', 'antenna-replaced', 'reader-replaced', 'other']

const OF_ANTENNA: readonly MaintenanceWork[] = ['cleaned', 'cable-replaced', 'antenna-moved', 'antenna-replaced', 'other']
const WHOLE = 'whole'
