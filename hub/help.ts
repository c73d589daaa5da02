import { SETTINGS, VARIABLES } from './settings.ts'

/** What `lotkeeper hub --help` says; the list of settings follows from their schema. */
export const HELP = `lotkeeper hub：县中心 / the county hub

  lotkeeper hub [--home DIR]
      运行到收到 Ctrl-C 为止；数据、密钥和配置都在 DIR（默认 ./lotkeeper-hub）
      runs until Ctrl-C; data, keys and settings are in DIR (default ./lotkeeper-hub)

  lotkeeper hub enrol --node ID --name 中文名 [--name-en NAME] [--zone ZONE]
                      [--room main:库房:store ...] [--replace] [--home DIR]
      向正在运行的县中心要一个节点登记码，24 小时内用一次
      asks the running hub for a node's one-time code, good for 24 hours
      例 / example:  lotkeeper hub enrol --node qinglong --name 青龙卫生院 --room main:库房:store --room ward:门诊:department

配置 / settings: DIR/hub.json, or the environment
${settingsRows()}
  login: {"user", "name", "passwordHash"}；不写则首次启动生成口令并显示一次（忘记时删掉 DIR/keys/login.json 再启动）
         without it a password is made and shown once at first start (forgotten: remove DIR/keys/login.json and start again)
`

function settingsRows(): string {
  const names = new Map<string, string>(Object.entries(VARIABLES).map(([variable, name]) => [name, variable]))
  return Object.entries(SETTINGS.properties)
    .map(([name, schema]) => {
      const description = 'description' in schema ? String(schema.description) : ''
      return `  ${name.padEnd(16)}${(names.get(name) ?? '-').padEnd(34)}${description}`.trimEnd()
    })
    .join('\n')
}
