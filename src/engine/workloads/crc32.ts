/**
 * CRC-32 (ISO 3309, polynomial 0xEDB88320 reflected) bit by bit: slow, and independent of the one in
 * zlib that the kernels use. Its check value over "123456789" is 0xCBF43926.
 */
export function crc32BitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    crc ^= bytes[at] as number
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
