import type { SymbolView } from '@lotkeeper/protocol/api/node-scans.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useSay } from '../words.ts'
import { placedPieces, signsIn } from './placed.ts'

interface SymbolLine {
  readonly symbol: SymbolView
  /** Which of two codes it is. */
  readonly title: string | null
}

/** One symbol: its text with every part marked, the parts in words, what is wrong and what to do. */
export const SymbolCard = ({ symbol, title }: SymbolLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const kind = [title, symbol.symbology ?? say('look.no-symbology'), symbol.issuer].filter((one) => one !== null).join(' · ')
  return (
    <section className="card look-symbol" data-testid="look-symbol" data-refused={symbol.refused?.code ?? ''}>
      <h2>{kind}</h2>
      <Raw pieces={symbol.pieces} />
      {symbol.refused && (
        <div className="facts-refused" role="alert">
          <Icon name="unknown" size={30} />
          <span>
            <b>{nameIn(symbol.refused, language)}</b>
            <small>
              {say('look.remedy')}：{nameIn(symbol.refused.remedy, language)}
            </small>
            <small className="mono">{symbol.refused.code}</small>
          </span>
        </div>
      )}
      {symbol.notices.length > 0 && (
        <ul className="look-notices">
          {symbol.notices.map((notice) => (
            <li key={notice.en}>
              <Icon name="warn" size={22} />
              {nameIn(notice, language)}
            </li>
          ))}
        </ul>
      )}
      <Parts parts={symbol.parts} />
    </section>
  )
}

/** The text as it was read; of a very long one the beginning, until somebody wants all of it. */
const Raw = ({ pieces }: Pick<SymbolView, 'pieces'>) => {
  const say = useSay()
  const [whole, setWhole] = useState(false)
  const shown = placedPieces(pieces, whole ? Number.POSITIVE_INFINITY : SHOWN_LENGTH)
  return (
    <div className="look-raw mono">
      {shown.map(({ from, ...piece }) => (
        <Piece key={from} piece={piece} />
      ))}
      {!whole && pieces.reduce((sum, { text }) => sum + text.length, 0) > SHOWN_LENGTH && (
        <button type="button" className="plain-button" onClick={() => setWhole(true)}>
          {say('look.all')}
        </button>
      )}
    </div>
  )
}

const Parts = ({ parts }: Pick<SymbolView, 'parts'>) => {
  const say = useSay()
  const { language } = useLanguage()
  if (parts.length === 0) return null
  return (
    <ol className="look-parts" aria-label={say('look.parts')}>
      {parts.map((part, at) => (
        <li key={`${part.name} ${part.value}`} data-testid="look-part">
          <span className={`look-number part-${at % COLOURS}`}>{at + 1}</span>
          <span>
            <b>{nameIn(part.label, language)}</b>
            {part.name !== '' && <small className="mono"> ({part.name})</small>}
          </span>
          <span>
            <span className="mono look-value">{part.value}</span>
            {part.means && <small>{nameIn(part.means, language)}</small>}
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Colour never speaks alone: a value bears the number of its part, what is wrong says so. */
const Piece = ({ piece: { text, is, part } }: { readonly piece: SymbolView['pieces'][number] }) => {
  const say = useSay()
  if (is === 'wrong') {
    return (
      <mark className="piece-wrong" title={say('look.wrong')}>
        <Signs text={text} />
      </mark>
    )
  }
  if (part === null)
    return (
      <span className="piece-frame">
        <Signs text={text} />
      </span>
    )
  return (
    <span className={`piece-${is} part-${part % COLOURS}`}>
      <Signs text={text} />
      {is === 'value' && <sub>{part + 1}</sub>}
    </span>
  )
}

/** Text in which a control character is a small box with its name: few fonts have the signs drawn for them. */
const Signs = ({ text }: { readonly text: string }) =>
  signsIn(text).map(({ from, text: one, name }) =>
    name === null ? (
      <span key={from}>{one}</span>
    ) : (
      <span key={from} className="control-sign" data-name={name} title={name}>
        {one}
      </span>
    ),
  )

/** Letters of a code that are shown at once: more than any label has. */
const SHOWN_LENGTH = 500
/** Colours of the parts, which begin anew after the last. */
const COLOURS = 6
