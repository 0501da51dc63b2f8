/**
 * Opens an address in the user's browser, which lives on by itself.
 *
 * @param onFailure told why, where that does not work; at once or a little later
 */
export async function openBrowser(url: string, onFailure: (why: string) => void): Promise<void> {
  const { default: open } = await import('open')
  try {
    const opener = await open(url)
    opener.once('exit', (code) => {
      if (code !== 0 && code !== null) onFailure(`no browser is to be had (code ${code})`)
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    onFailure(code === 'ENOENT' ? 'nothing is here that opens one' : message)
  }
}
