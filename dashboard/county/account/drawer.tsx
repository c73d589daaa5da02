import { Button, Drawer } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { useCounty } from '../county.ts'
import { Fact, Facts } from '../records/facts.tsx'
import { GrantLines } from '../users/grant-lines.tsx'
import { useSay } from '../words.ts'
import { PasswordPart } from './password.tsx'
import { PinPart } from './pin.tsx'
import { OwnSessions } from './sessions.tsx'
import { TotpPart } from './totp.tsx'
import '../people/people.css'

/** What everybody keeps of their own: password, PIN at nodes, authenticator app, where they are signed in. */
export const AccountDrawer = ({ onClose }: { readonly onClose: () => void }) => {
  const say = useSay()
  return (
    <Drawer open onClose={onClose} title={say('account.title')} size={560} destroyOnHidden>
      <div className="account" data-testid="account">
        <Self />
        <PasswordPart />
        <PinPart />
        <TotpPart />
        <OwnSessions />
      </div>
    </Drawer>
  )
}

const Self = () => {
  const say = useSay()
  const { session, signOut } = useCounty()
  return (
    <section>
      <h3>
        {session.name || session.user}
        <Button size="small" icon={<Icon name="leave" size={16} />} onClick={signOut} data-testid="account-sign-out">
          {say('frame.sign-out')}
        </Button>
      </h3>
      <Facts>
        <Fact name={say('user.roles')} wide>
          <GrantLines grants={session.roles} />
        </Fact>
      </Facts>
    </section>
  )
}
