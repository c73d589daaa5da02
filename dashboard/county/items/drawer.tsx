import { newAction } from '../../parts/action.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { NEW, RecordDrawer } from '../records/drawer.tsx'
import { MergeModal } from '../records/merge.tsx'
import { useSay } from '../words.ts'
import { itemFormOfDevice } from './draft.ts'
import { ItemFields } from './form.tsx'
import { ItemShown } from './shown.tsx'

/** One item opened, changed, merged; or a new one, begun from nothing or from a record of the public device database. */
export const ItemDrawer = ({ id, di, onClose }: DrawerLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('item', id === null || id === NEW ? null : { item: id })
  return (
    <RecordDrawer
      id={id}
      writes="createItem"
      read={read}
      title={(one) => nameIn(one.record.name, language)}
      newTitle={say('items.new')}
      show={(one) => <ItemShown one={one} />}
      edit={(known, onSaved, one) =>
        known === null && di ? (
          <FromDevice di={di} onSaved={onSaved} />
        ) : (
          <ItemFields
            known={known}
            names={{
              certificate: one?.certificate?.record.number,
              manufacturer: one?.manufacturer ? nameIn(one.manufacturer.record.name, language) : undefined,
            }}
            onSaved={onSaved}
          />
        )
      }
      merge={(one, close) => <MergeModal of="item" id={one.record.item} name={nameIn(one.record.name, language)} onClose={close} />}
      onClose={onClose}
    />
  )
}

interface DrawerLine {
  readonly id: string | null
  readonly di: string | undefined
  readonly onClose: () => void
}

const FromDevice = ({ di, onSaved }: { readonly di: string; readonly onSaved: () => void }) => {
  const say = useSay()
  const { value, trouble } = useHub('device', { di })
  if (trouble) return <TroubleNote trouble={trouble} />
  if (!value) return <Waiting rows={8} />
  return (
    <>
      <p className="record-note">{say('items.from-device', { maker: value.maker, certificate: value.certificate })}</p>
      <ItemFields known={null} begun={itemFormOfDevice(value, newAction)} onSaved={onSaved} />
    </>
  )
}
