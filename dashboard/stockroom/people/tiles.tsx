import type { PeopleView } from '@lotkeeper/protocol/api/node-people.ts'
import { useEffect, useState } from 'react'
import type { Node } from '../node.ts'
import { useSay } from '../words.ts'

type Person = PeopleView['keepers'][number]

/** Everybody who may sign in, a tile for each: choosing the name first is what lets two people have the same PIN. */
export const Tiles = ({ keepers, onChosen }: { readonly keepers: readonly Person[]; readonly onChosen: (person: Person) => void }) => {
  const say = useSay()
  if (keepers.length === 0) return <p className="lead">{say('people.nobody')}</p>
  return (
    <div className="people-tiles">
      {keepers.map((person) => (
        <button type="button" key={person.keeper} onClick={() => onChosen(person)} data-testid={`person-${person.keeper}`}>
          <Face name={person.name} />
          <span>{person.name}</span>
        </button>
      ))}
    </div>
  )
}

/** The last letter of a Chinese name tells people apart, for many share the first. */
export const Face = ({ name }: { readonly name: string }) => (
  <i className="face" aria-hidden="true">
    {/^[\u3400-\u9fff]/.test(name) ? [...name].at(-1) : [...name][0]?.toUpperCase()}
  </i>
)

/** The list as it is now, asked again while the page stands open before anybody signs in; `null` until it came, or while nobody answers. */
export const usePeople = (node: Node): PeopleView | null => {
  const [people, setPeople] = useState<PeopleView | null>(null)
  useEffect(() => {
    const ask = (): void => void node.ask('people').then((answer) => answer.ok && setPeople(answer.value))
    ask()
    const timer = setInterval(ask, ASK_MS)
    return () => clearInterval(timer)
  }, [node])
  return people
}

const ASK_MS = 10_000
