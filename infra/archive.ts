import { gzipSync } from "node:zlib";

/** One file of an archive. */
export interface ArchiveFile {
  /** Relative, with forward slashes; at most 100 bytes. */
  readonly name: string;
  readonly mode: number;
  readonly content: string | Buffer;
}

const blockSize = 512;

/**
 * A `.tar.gz` of files that are root's and of 1970; the same bytes for the same files, whenever and wherever it is made.
 *
 * Written here, since tar-stream gives its bytes only later, and a bundle's hash is part of a resource's name, which has to be
 * known while the program registers it.
 *
 * @throws Error for a name that the format has no room for
 */
export function tarGz(files: readonly ArchiveFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const blocks = sorted.flatMap(({ name, mode, content }) => {
    const body = Buffer.from(content);
    return [header(name, mode, body.length), body, Buffer.alloc(-body.length & (blockSize - 1))];
  });
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]), { level: 9 });
  // The system that packed it; unknown, or it would be other bytes on another one.
  packed[9] = 255;
  return packed;
}

/** Header of a regular file (POSIX.1-1988, ustar). */
function header(name: string, mode: number, size: number): Buffer {
  const block = Buffer.alloc(blockSize);
  if (Buffer.byteLength(name) > 100)
    throw new Error(`${name} is too long a name for an archive: 100 bytes at most`);
  const octal = (value: number, digits: number, offset: number) =>
    block.write(value.toString(8).padStart(digits, "0"), offset, "latin1");
  block.write(name, 0);
  octal(mode, 7, 100);
  octal(0, 7, 108);
  octal(0, 7, 116);
  octal(size, 11, 124);
  octal(0, 11, 136);
  // The checksum is taken with blanks in its own place.
  block.write("        0", 148, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  octal(checksum, 6, 148);
  block.write("\0 ", 154, "latin1");
  return block;
}
