import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { codesOf } from '@lotkeeper/protocol/rules/packs.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { Fact, Facts } from '../records/facts.tsx'
import { promiseWords, storageWords } from '../records/fields.ts'
import { PaperLink } from '../records/paper.tsx'
import { ValidityMark } from '../records/validity.tsx'
import { useSay } from '../words.ts'

type Detail = HubAnswer<'item'>

/** One item: what it is, how it is packed, and the papers it may be bought under. */
export const ItemShown = ({ one }: { readonly one: Detail }) => {
  const say = useSay()
  const { language } = useLanguage()
  const { record } = one
  const truth = (value: boolean | undefined) => value !== undefined && say(value ? 'answer.yes' : 'answer.no')
  return (
    <>
      <Facts>
        <Fact name={say('record.id')}>
          <span className="mono">{record.item}</span>
        </Fact>
        <Fact name={say('field.model')}>{record.model}</Fact>
        <Fact name={say('field.specification')}>{record.specification}</Fact>
        <Fact name={say('field.unit')}>{nameIn(record.unit, language)}</Fact>
        <Fact name={say('field.class')}>{record.class && say('class.of', { class: record.class })}</Fact>
        <Fact name={say('field.nhsa')}>{record.nhsa && <span className="mono">{record.nhsa}</span>}</Fact>
        <Fact name={say('field.singleUse')}>{truth(record.singleUse) || undefined}</Fact>
        <Fact name={say('field.sterile')}>{truth(record.sterile) || undefined}</Fact>
        <Fact name={say('field.promises')}>{record.promises && promiseWords(record.promises, say)}</Fact>
        <Fact name={say('field.nearDays')}>{record.nearDays.join(' / ')}</Fact>
        <Fact name={say('field.storage')} wide>
          {record.storage?.map(storageWords).join('；')}
        </Fact>
        <Fact name={say('record.use')}>{record.retired && <span className="mark mark-plain">{say('record.retired')}</span>}</Fact>
      </Facts>
      <PacksShown one={one} />
      <PapersShown one={one} />
      <a className="sheet-link record-stock" href={hrefOf('stock', { item: record.item })}>
        {say('items.to-stock')}
      </a>{' '}
      <a className="sheet-link record-stock" href={hrefOf('labels', { item: record.item })} data-testid="to-labels">
        {say('labels.to-labels')}
      </a>
    </>
  )
}

/** The pack graph from the base unit up: each level with what it holds, what that makes, and its codes. */
const PacksShown = ({ one: { record } }: { readonly one: Detail }) => {
  const say = useSay()
  const { language } = useLanguage()
  const unit = nameIn(record.unit, language)
  return (
    <section className="record-part">
      <h3>{say('field.packs')}</h3>
      {record.packs.length === 0 && <p className="faint">{say('packs.none')}</p>}
      <ul className="pack-levels">
        {[...record.packs]
          .sort((first, second) => first.units - second.units)
          .map((level) => (
            <li key={level.pack}>
              <b>{level.pack}</b>
              <span>
                {level.of && `${numberText(level.of.quantity)} × ${level.of.pack} = `}
                {numberText(level.units)} {unit}
              </span>
              <span className="pack-level-codes">
                {codesOf(level).map(({ scheme, code }) => (
                  <small key={`${scheme} ${code}`} className="mono">
                    {scheme === 'gtin' ? '' : `${scheme.toUpperCase()} `}
                    {code}
                  </small>
                ))}
              </span>
            </li>
          ))}
      </ul>
    </section>
  )
}

const PapersShown = ({ one: { certificate, manufacturer } }: { readonly one: Detail }) => {
  const say = useSay()
  const { language } = useLanguage()
  if (!certificate && !manufacturer) return null
  return (
    <section className="record-part">
      <h3>{say('items.papers')}</h3>
      <ul className="permits">
        {certificate && (
          <li>
            <ValidityMark validity={certificate.validity} />
            <a className="record-link" href={hrefOf('certificates', { id: certificate.record.id })}>
              {certificate.record.number}
            </a>
            {certificate.record.file && <PaperLink file={certificate.record.file} />}
          </li>
        )}
        {manufacturer?.licences.map((licence) => (
          <li key={`${licence.kind} ${licence.number}`}>
            <ValidityMark validity={licence.validity} />
            <span>
              {say(`licence.${licence.kind}`)} {licence.number}
            </span>
          </li>
        ))}
      </ul>
      {manufacturer && (
        <p>
          {say('field.manufacturer')}{' '}
          <a className="record-link" href={hrefOf('parties', { id: manufacturer.record.id })}>
            {nameIn(manufacturer.record.name, language)}
          </a>
        </p>
      )}
    </section>
  )
}
