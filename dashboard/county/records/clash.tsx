import { Button, Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useMoments } from '../county.ts'
import { useSay } from '../words.ts'
import { changedFields, type Field, fieldLines, joinedOf, proposedOf, type Side } from './fields.ts'
import type { Clash } from './use-save.ts'
import { useWordParts } from './word-parts.ts'
import './records.css'
import { useWho } from '../parts/who.tsx'

/** Two people changed one record: both versions side by side, field by field, and nothing is saved before somebody chose. */
export const ClashModal = ({ clash, onSave, onTheirs, onBack }: ClashLine) => {
  const say = useSay()
  const moments = useMoments()
  const who = useWho()
  const [chosen, setChosen] = useState(() => proposedOf(clash.began, clash.mine, clash.theirs))
  const differing = changedFields(clash.mine, clash.theirs)
  const open = differing.filter((field) => chosen[field] === undefined).length
  return (
    <Modal
      open
      width={760}
      title={say('clash.title')}
      onCancel={onBack}
      footer={
        <>
          <Button onClick={onTheirs} data-testid="clash-theirs">
            {say('clash.drop-mine')}
          </Button>
          <Button
            type="primary"
            disabled={open > 0}
            onClick={() => onSave(joinedOf(clash.mine, clash.theirs, chosen), clash.version)}
            data-testid="clash-save"
          >
            {open > 0 ? say('clash.left', { n: open }) : say('clash.save', { n: clash.version + 1 })}
          </Button>
        </>
      }
    >
      <p className="form-hint">
        {clash.at === null
          ? say('clash.hint-unsigned', { n: clash.version })
          : say('clash.hint', { who: clash.who ? who(clash.who) : '?', at: moments.full(clash.at), n: clash.version })}
      </p>
      <div className="clash" data-testid="clash">
        {differing.map((field) => (
          <ClashField
            key={field}
            field={field}
            clash={clash}
            side={chosen[field]}
            onChoose={(side) => setChosen({ ...chosen, [field]: side })}
          />
        ))}
      </div>
    </Modal>
  )
}

interface ClashLine {
  readonly clash: Clash
  readonly onSave: (joined: Clash['mine'], knownVersion: number) => void
  readonly onTheirs: () => void
  readonly onBack: () => void
}

const ClashField = ({ field, clash, side, onChoose }: FieldLine) => {
  const say = useSay()
  const parts = useWordParts()
  const was = fieldLines(clash.began, field, parts).join('；')
  return (
    <section className={`clash-field ${side === undefined ? 'clash-open' : ''}`} data-testid="clash-field" data-field={field}>
      <header>
        <b>{say(`field.${field}`)}</b>
        <small className="faint">{say('clash.was', { was })}</small>
        <Segmented<string>
          value={side ?? ''}
          onChange={(value) => onChoose(value as Side)}
          options={(['theirs', 'mine'] as const).map((value) => ({ value, label: say(`clash.${value}`) }))}
        />
      </header>
      <div className="clash-sides">
        {(['theirs', 'mine'] as const).map((one) => (
          <div key={one} className={side === one ? 'clash-chosen' : ''}>
            <small>{say(`clash.${one}`)}</small>
            {fieldLines(clash[one], field, parts).map((line) => (
              <span key={line}>{line}</span>
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}

interface FieldLine {
  readonly field: Field
  readonly clash: Clash
  readonly side: Side | undefined
  readonly onChoose: (side: Side) => void
}
