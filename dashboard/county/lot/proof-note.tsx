import { Icon } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { useSay } from '../words.ts'
import { proofHolds, signedBy } from './proof.ts'

/** The proof that an entry stands in the county's tree, reckoned by this page, with the figures for who reckons again. */
export const ProofNote = ({ entry }: { readonly entry: string }) => {
  const say = useSay()
  const inclusion = useHub('inclusion', { entry })
  const checkpoint = useHub('checkpoint').value
  if (inclusion.trouble) return <TroubleNote trouble={inclusion.trouble} />
  const proof = inclusion.value
  if (!proof) return <p className="proof faint">{say('proof.checking')}</p>
  const signed = checkpoint ? signedBy(proof, checkpoint) : null
  const holds = proofHolds(proof) && signed?.is !== 'differs'
  return (
    <div className={`proof ${holds ? 'proof-holds' : 'proof-fails'}`} data-testid="proof" data-holds={holds}>
      <p>
        <Icon name={holds ? 'proof' : 'warn'} size={20} />
        <span>
          {holds
            ? say('proof.holds', { index: numberText(proof.index + 1), size: numberText(proof.size), steps: proof.path.length })
            : say('proof.fails')}{' '}
          {holds && signed && say(`proof.${signed.is}`, { size: numberText(signed.size) })}
        </span>
      </p>
      <dl>
        <Hash name={say('proof.root')} value={proof.root} />
        <Hash name={say('proof.leaf')} value={proof.leaf} />
      </dl>
      {proof.path.length > 0 && (
        <details>
          <summary>
            {say('proof.path')} ({proof.path.length})
          </summary>
          <ol className="mono">
            {proof.path.map((hash) => (
              <li key={hash}>{hash}</li>
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}

const Hash = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd className="mono">{value}</dd>
  </div>
)
