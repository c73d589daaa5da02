import { pinyin } from 'pinyin-pro'

/** The one door of pinyin: the syllables of a text without tones, by the words it is made of (重庆 is chong qing); ü is v, as it is typed. */
export const pinyinOf = (text: string): readonly string[] =>
  pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
