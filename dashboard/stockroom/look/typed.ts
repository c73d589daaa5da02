/**
 * A code as somebody typed or pasted it: the separator, which no keyboard has, may be written as the sign drawn for it or in words; line ends and
 * blanks around it are of the clipboard.
 */
export const typedCode = (text: string): string => text.replace(WRITTEN_SEPARATORS, SEPARATOR).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')

const SEPARATOR = '\u001d'
const WRITTEN_SEPARATORS = /␝|<GS>|\{GS\}|\[GS\]|\\x1d|\\u001d|&#29;/gi
