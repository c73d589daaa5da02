import { useRef, useState } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'
import { FILE_BYTES_MAX, FILE_TYPES } from './paper-limits.ts'
import './records.css'

/** A scanned paper of a record: uploaded at once, looked at, replaced or taken off. A field of a form: its value is the hash of the file. */
export const PaperField = ({ value, onChange }: PaperLine) => {
  const say = useSay()
  const { hub } = useCounty()
  const input = useRef<HTMLInputElement>(null)
  const [sent, setSent] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const upload = async (file: File): Promise<void> => {
    const wrong = wrongIn(file)
    setTrouble(wrong)
    if (wrong) return
    setSent(0)
    const answer = await hub.send('saveFile', { bytes: file, told: (bytes) => setSent(bytes / file.size) })
    setSent(null)
    if (answer.ok) onChange?.(answer.value.file)
    else setTrouble(answer.trouble)
  }
  return (
    <div className="paper-field">
      {value && <PaperLink file={value} />}
      <button type="button" className="plain-button" onClick={() => input.current?.click()} disabled={sent !== null}>
        <Icon name="upload" size={16} />
        {sent === null ? say(value ? 'paper.replace' : 'paper.upload') : say('paper.sending', { n: Math.round(sent * 100) })}
      </button>
      {value && (
        <button type="button" className="quiet-button" onClick={() => onChange?.(undefined)}>
          {say('paper.remove')}
        </button>
      )}
      <input
        ref={input}
        type="file"
        className="sr-only"
        tabIndex={-1}
        accept={FILE_TYPES.join(',')}
        aria-label={say('paper.upload')}
        data-testid="paper-file"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void upload(file)
        }}
      />
      <small className="faint">{say('paper.hint')}</small>
      {trouble && <TroubleNote trouble={trouble} />}
    </div>
  )
}

interface PaperLine {
  readonly value?: string | undefined
  readonly onChange?: (file: string | undefined) => void
}

/** Opens a scanned paper beside the page: the browser shows it, and never runs what is in it. */
export const PaperLink = ({ file }: { readonly file: string }) => {
  const say = useSay()
  return (
    <a className="paper-link" href={paperAt(file)} target="_blank" rel="noreferrer" data-testid="paper-link">
      <Icon name="item" size={16} />
      {say('paper.look')}
      <small className="mono faint">{file.slice(0, HASH_SHOWN)}</small>
    </a>
  )
}

/** A scanned paper as a picture where it is one; of another kind of file only the way to it is shown. */
export const PaperView = ({ file }: { readonly file: string }) => {
  const say = useSay()
  const [isPicture, setIsPicture] = useState(true)
  return (
    <div className="paper-view">
      <PaperLink file={file} />
      {isPicture && <img src={paperAt(file)} alt={say('paper.alt')} onError={() => setIsPicture(false)} loading="lazy" />}
    </div>
  )
}

const paperAt = (file: string): string => `/api/file?file=${file}`

/** Said before anything is sent: a hundred megabytes over a county's line only to be refused would be unkind. */
const wrongIn = (file: File): Trouble | null => {
  if (file.size > FILE_BYTES_MAX)
    return { code: 'api.body-too-large', status: 413, zh: '文件超过 10 MB', en: 'The file is larger than 10 MB', facts: {} }
  if (file.type !== '' && !FILE_TYPES.some((type) => type === file.type))
    return {
      code: 'catalog.file-type-unknown',
      status: 415,
      zh: '只收 PDF、JPEG 或 PNG 文件',
      en: 'Only PDF, JPEG or PNG files are taken',
      facts: {},
    }
  return null
}
const HASH_SHOWN = 8
