import { Drawer } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { NEW } from '../records/drawer.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { useSay } from '../words.ts'

/** One record of the public device database, and the way to make an item of it. */
export const DeviceDrawer = ({ di, onClose }: { readonly di: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { value: device, trouble } = useHub('device', di === null ? null : { di })
  return (
    <Drawer
      open={di !== null}
      onClose={onClose}
      title={say('device.title')}
      size={640}
      destroyOnHidden
      footer={
        device && (
          <div className="record-acts">
            <a className="plain-button" href={hrefOf('items', { item: NEW, di: device.di })} data-testid="device-to-item">
              <Icon name="plus" size={18} />
              {say('device.to-item')}
            </a>
          </div>
        )
      }
    >
      {trouble && <TroubleNote trouble={trouble} />}
      {!device && !trouble && <Waiting rows={8} />}
      {device && (
        <div className="record" data-testid="device">
          <h3>{device.name}</h3>
          {device.withdrawn !== '' && <p className="record-note">{say('device.withdrawn', { day: device.withdrawn })}</p>}
          <Facts>
            <Fact name={say('device.di')}>
              <span className="mono">{device.di}</span>
            </Fact>
            <Fact name={say('field.model')}>{device.model}</Fact>
            <Fact name={say('device.trade')}>{device.trade}</Fact>
            <Fact name={say('field.manufacturer')}>{device.maker}</Fact>
            <Fact name={say('field.number')}>{device.certificate}</Fact>
            <Fact name={say('field.creditCode')}>{device.creditCode}</Fact>
            <Fact name={say('device.category')}>{[device.category, device.classCode].filter((one) => one !== '').join(' · ')}</Fact>
            <Fact name={say('field.nhsa')}>{device.nhsa}</Fact>
            <Fact name={say('field.storage')} wide>
              {device.storage.map(({ what, min, max, unit }) => `${what} ${min} ~ ${max} ${unit}`).join('；')}
            </Fact>
          </Facts>
          <section className="record-part">
            <h4>{say('field.packs')}</h4>
            <ul className="pack-levels">
              {device.packs.map((pack) => (
                <li key={pack.code}>
                  <b>{pack.level || say('packs.base')}</b>
                  <span>
                    {pack.of !== null && `${numberText(pack.quantity)} × ${pack.of} = `}
                    {numberText(pack.units)}
                  </span>
                  <small className="mono">{pack.code}</small>
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
    </Drawer>
  )
}
