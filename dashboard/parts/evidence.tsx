import type { MovementRow } from '@lotkeeper/protocol/api/views.ts'
import { Icon, type IconName } from './icons.tsx'
import { type Say, useSayIn } from './language.ts'
import { SHARED_TEXTS } from './texts.ts'

/** Who decided a movement and how surely; a special permission and a reversal are part of the evidence. */
export const EvidenceMark = ({ row }: { readonly row: Pick<MovementRow, 'evidence' | 'override' | 'reversedBy'> }) => {
  const say = useSayIn(SHARED_TEXTS)
  const { by, certainty } = row.evidence
  return (
    <span className="evidence">
      <span className={`mark mark-by mark-by-${by}`}>
        <Icon name={EVIDENCE_ICONS[by]} size={16} />
        {by === 'door' && certainty !== null ? say('evidence.door-certainty', { n: Math.round(certainty * 100) }) : say(`evidence.${by}`)}
      </span>
      {row.override && (
        <span className="mark mark-near" title={row.override.rule}>
          <Icon name="warn" size={16} />
          {say('evidence.override', { reason: row.override.reason })}
        </span>
      )}
      {row.reversedBy && (
        <span className="mark mark-quiet">
          <Icon name="undo" size={16} />
          {say('evidence.reversed')}
        </span>
      )}
    </span>
  )
}

/** The word for a kind of entry; a kind of a later version is shown as it is named in the ledger. */
export const kindWord = (kind: string, say: Say<typeof SHARED_TEXTS>): string => {
  const key = `kind.${kind}`
  return Object.hasOwn(SHARED_TEXTS, key) ? say(key as 'kind.receive') : kind
}

const EVIDENCE_ICONS: Readonly<Record<MovementRow['evidence']['by'], IconName>> = { door: 'door', scan: 'scan', hand: 'hand', hub: 'hub' }
