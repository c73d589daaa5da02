import type { ImportView } from '@lotkeeper/protocol/api/hub-find.ts'
import { useContext, useEffect } from 'react'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { DeviceDrawer } from './device.tsx'
import { ImportCard } from './import-card.tsx'
import { Upload } from './upload.tsx'
import './reference.css'

/** The public device database: its releases are brought in here, and every import tells what became of it. */
export const ReferencePage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const shelf = useContext(ShelfContext)
  const imports = useHub('imports')
  const running = imports.value?.rows.some(({ state }) => state === 'running') === true
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => shelf.renew('imports '), LOOK_MS)
    return () => clearInterval(timer)
  }, [running, shelf])
  return (
    <div className="reference">
      <Upload running={running} onBegun={() => shelf.renew('imports ')} />
      <Sheet title={say('reference.imports')} hint={say('reference.imports-hint')}>
        {imports.trouble && <TroubleNote trouble={imports.trouble} />}
        {!imports.value && !imports.trouble && <Waiting rows={6} />}
        {imports.value?.rows.length === 0 && <EmptyNote title={say('reference.none')} hint={say('reference.none-hint')} />}
        <ol className="imports">
          {imports.value?.rows.map((one: ImportView) => (
            <ImportCard key={one.import} one={one} onChanged={() => shelf.renew('imports ')} />
          ))}
        </ol>
      </Sheet>
      <DeviceDrawer di={choice['di'] ?? null} onClose={() => replaceChoice('reference', {})} />
    </div>
  )
}

/** How often a running import is looked at. */
const LOOK_MS = 1_000
