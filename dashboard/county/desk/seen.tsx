import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { lotKey } from '@lotkeeper/protocol/names.ts'
import { codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import { ExpiryMark } from '../../parts/expiry.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { useHub, useMoments } from '../county.ts'
import { LotLink, PlaceCell, UnitsCell } from '../parts/cells.tsx'
import { Who } from '../parts/who.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { useSay } from '../words.ts'
import type { ItemSeenBy, LotSeenBy } from './met.ts'

type Met = ProvisionalView['met']
type TagMet = Extract<Met, { readonly is: 'tag' }>

/** What the node saw: what was scanned, what the keeper typed, and what has been booked on it since. */
export const Seen = ({ one }: { readonly one: ProvisionalView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const { met } = one
  return (
    <section className="record-part" data-testid="desk-seen">
      <h3>{say('desk.seen')}</h3>
      <Facts>
        <Fact name={say('field.site')}>{nameIn(one.siteName, language)}</Fact>
        <Fact name={say('desk.keeper')}>{one.actor ? <Who id={one.actor} /> : say('record.machine')}</Fact>
        <Fact name={say('desk.when')}>
          <time dateTime={one.occurredAt} title={say('desk.received', { at: moments.full(one.receivedAt) })}>
            {moments.full(one.occurredAt).slice(0, MINUTES)}
          </time>
        </Fact>
        {met.is === 'item' && <ItemSeen met={met} />}
        {met.is === 'tag' && <TagSeen met={met} one={one} />}
        {met.is === 'lot' && <LotSeen met={met} one={one} />}
      </Facts>
      {met.is === 'item' && one.state !== 'redirected' && <Booked of={{ item: met.item }} />}
      {met.is === 'lot' && <Booked of={{ lot: lotKey(met.item, met.lotNumber) }} />}
    </section>
  )
}

const ItemSeen = ({ met }: { readonly met: ItemSeenBy }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <>
      <Fact name={say('desk.scanned')} wide>
        {met.scan ? <code className="desk-code mono">{shown(met.scan)}</code> : <span className="faint">{say('desk.no-scan')}</span>}
      </Fact>
      <Fact name={say('desk.typed')}>{nameIn(met.name, language)}</Fact>
      <Fact name={say('field.model')}>{met.model}</Fact>
      <Fact name={say('field.unit')}>{nameIn(met.unit, language)}</Fact>
      <Fact name={say('field.packs')} wide>
        {met.packs.map((level) => (
          <span key={level.pack} className="desk-pack">
            <b>{level.pack}</b> = {numberText(level.units)} {nameIn(met.unit, language)}
            {codesOf(level).map(({ code }) => (
              <small key={code} className="mono faint">
                {' '}
                {code}
              </small>
            ))}
          </span>
        ))}
      </Fact>
      <Fact name={say('desk.own-id')}>
        <span className="mono">{met.item}</span>
      </Fact>
    </>
  )
}

const TagSeen = ({ met, one }: { readonly met: TagMet; readonly one: ProvisionalView }) => {
  const say = useSay()
  return (
    <>
      <Fact name={say('column.epc')} wide>
        <code className="desk-code mono">{met.epc}</code>
      </Fact>
      <LotSeen met={met} one={one} />
      <Fact name={say('desk.carries')}>{`${met.pack} = ${numberText(met.units)}`}</Fact>
    </>
  )
}

const LotSeen = ({ met, one }: { readonly met: TagMet | LotSeenBy; readonly one: ProvisionalView }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <>
      <Fact name={say('column.item')}>
        {one.now.known ? (
          <a className="record-link" href={hrefOf('items', { item: one.now.item })}>
            {nameIn(one.now.name, language)}
          </a>
        ) : (
          nameIn(one.now.name, language)
        )}
      </Fact>
      <Fact name={say(met.is === 'lot' ? 'desk.lot-typed' : 'column.lot')}>
        <LotLink lot={lotKey(met.item, met.lotNumber)} number={met.lotNumber} />
      </Fact>
      <Fact name={say('column.expiry')}>{met.expiry ?? say('page.nothing')}</Fact>
    </>
  )
}

/** Lots of it as they stand: the answer changes none of these figures. */
const Booked = ({ of }: { readonly of: { readonly item: string } | { readonly lot: string } }) => {
  const say = useSay()
  const { value } = useHub('stock', { ...of, limit: LOTS_SHOWN })
  const rows = (value?.rows ?? []).filter(({ lot }) => 'lot' in of || lot.startsWith(`${of.item}/`))
  if (rows.length === 0) return value ? <p className="faint desk-none">{say('desk.no-lots')}</p> : null
  return (
    <ul className="desk-lots" data-testid="desk-lots">
      {rows.map((row) => (
        <li key={`${row.lot} ${row.place}`}>
          <LotLink lot={row.lot} number={row.lotNumber} />
          <span className="desk-until">
            {row.expiry ?? say('page.nothing')} <ExpiryMark row={row} brief />
          </span>
          <PlaceCell place={row.place} />
          <UnitsCell units={row.units} unit={row.unit} />
        </li>
      ))}
    </ul>
  )
}

/** Signs a scanner sends that nobody sees, made visible. */
const shown = (scan: string): string => scan.replaceAll('\u001d', '␝')
const LOTS_SHOWN = 20
const MINUTES = 16
