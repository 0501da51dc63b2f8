import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the build puts what pictures are made with: the converter, and the font of their words. */
export const pictureFiles = { converter: 'resvg.wasm', font: 'DejaVuSans.ttf' } as const

/** Pixels of the picture for one of the SVG. */
const scale = 2
const fontName = 'DejaVu Sans'

type Converter = typeof import('@resvg/resvg-wasm')

/** Loaded once in a program's life: its module cannot be begun twice. */
let loading: Promise<Converter> | undefined

/**
 * A picture as PNG, twice as fine as it is drawn. It takes neither a screen nor a font of the system.
 *
 * @param svg in concrete colours, as `chartSvg` gives it
 * @param folder of `pictureFiles`
 */
export async function chartPng(svg: string, folder: string): Promise<Uint8Array> {
  loading ??= load(folder)
  // What has failed is tried again the next time.
  loading.catch(() => {
    loading = undefined
  })
  const [{ Resvg }, font] = await Promise.all([loading, readFile(join(folder, pictureFiles.font))])
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: [font], defaultFontFamily: fontName, sansSerifFamily: fontName },
  })
  try {
    const image = picture.render()
    try {
      return image.asPng()
    } finally {
      image.free()
    }
  } finally {
    picture.free()
  }
}

async function load(folder: string): Promise<Converter> {
  const [converter, program] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(join(folder, pictureFiles.converter)),
  ])
  await converter.initWasm(program)
  return converter
}
