/** What an image has of its distribution. */
export interface ImagePackages {
  readonly name: string;
  readonly ref: string;
  /** Equal for images with the same packages; also the image's label `hotspare.packages.digest`. */
  readonly digest: string;
  /** Versions by the package's name. */
  readonly packages: Readonly<Record<string, string>>;
  /** The build before of the same image; null where there is none any more. */
  readonly since: string | null;
  /** What differs from that, a line each. */
  readonly changes: readonly string[];
}
