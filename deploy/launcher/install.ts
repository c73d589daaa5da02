/** `lotkeeper install`: by the time this is called everything is in place. */
export const main = async (args: readonly string[]): Promise<number> => {
  if (args[0] === '--help') {
    process.stdout.write(
      'lotkeeper install\n\n装好私有 Node、依赖和网页，不启动任何程序 / private Node, packages and pages; starts nothing\n',
    )
    return 0
  }
  process.stdout.write(`就绪 / ready: Node ${process.versions.node}\n`)
  return 0
}
