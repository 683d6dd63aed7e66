import { containerParts, isSaid } from "../container.ts";
import { own } from "../own.ts";
import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, ContainerSpec } from "../spec.ts";

/** A rule about what one container is given; paths start with the pool's or the accessory's. */
type ContainerRule = (container: ContainerSpec, path: string, spec: ClusterSpec) => Problem[];

const partThere: ContainerRule = (container, path, { platform }) => {
  const { containers, services } = platformTraits(platform.kind);
  const there = container.image.kind === "service" ? (services ?? containers) : containers;
  return containerParts
    .filter((part) => isSaid(container[part]) && !there.includes(part))
    .map((part) => ({
      code: "container.not-there",
      path: `${path}.${part}`,
      message: `nodes on the platform "${platform.kind}" can't be given \`${part}\` yet`,
      hint: `make it part of the image, or leave it out; what nodes can be given there is [${there.join(", ")}]`,
    }));
};

/** A unit of a machine runs a program of it, as root puts it there. */
const serviceWhole: ContainerRule = ({ image, command, files }, path, { platform }) => {
  if (image.kind !== "service") return [];
  if (platformTraits(platform.kind).services === null)
    return [
      {
        code: "container.service-not-there",
        path: `${path}.image`,
        message: `nodes on the platform "${platform.kind}" run containers, and no units of a machine`,
        hint: "build an image of it, or name one",
      },
    ];
  const [program = ""] = command ?? [];
  const unnamed: Problem[] = program.startsWith("/")
    ? []
    : [
        {
          code: "container.service-command",
          path: `${path}.command`,
          message:
            program === ""
              ? "a service has no image that would name its program"
              : `"${program}" is no path of a program`,
          hint: 'name the program by its path, and its arguments, e.g. ["/usr/bin/python3", "/srv/app.py"]',
        },
      ];
  const unfit = Object.entries(files)
    .filter(([, { owner, content }]) => "secret" in content || owner !== "0:0")
    .map(([file, { content }]) => ({
      code: "container.service-file",
      path: `${path}.files.${file}`,
      message:
        "secret" in content
          ? "everybody on its server may read a service's files, and this one has a secret"
          : "a service's account is there for each run anew, so files of another than root would be nobody's",
      hint: "secret" in content ? "give the secret by `environment`" : "leave `owner` out",
    }));
  return [...unnamed, ...unfit];
};

/** Folders in memory are the container's memory, and so is what programs share. */
const memoryHolds: ContainerRule = ({ tmpfs, shm, memory }, path) => {
  const all = [...Object.values(tmpfs), shm ?? 0].reduce((sum, one) => sum + one, 0);
  return all <= memory
    ? []
    : [
        {
          code: "container.memory-too-small",
          path: `${path}.memory`,
          message: `tmpfs and shm may take ${mebibytes(all)} MB, and the limit of memory is ${mebibytes(memory)} MB`,
          hint: "they count as memory: raise `memory`, or make them smaller",
        },
      ];
};

const mebibytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);

/** What is at a path twice would hide one of the two; what lies in memory or in a volume is not where the image's files are. */
const pathsApart: ContainerRule = ({ tmpfs, volumes, files }, path) => {
  const folders = [
    ...Object.keys(tmpfs).map((folder) => ({ folder, part: `tmpfs.${folder}`, word: "in memory" })),
    ...Object.entries(volumes).map(([name, volume]) => ({
      folder: volume.path,
      part: `volumes.${name}.path`,
      word: `the volume "${name}"`,
    })),
  ];
  const twice = folders.flatMap(({ folder, part }, index) => {
    const other = folders.slice(0, index).find((one) => one.folder === folder);
    if (other === undefined) return [];
    return [
      {
        code: "container.path-twice",
        path: `${path}.${part}`,
        message: `${folder} is ${other.word} already`,
        hint: "choose another folder, or leave out one of the two",
      },
    ];
  });
  const paths = Object.keys(files);
  const hidden = paths.flatMap((file) => {
    const over = folders.find(({ folder }) => file === folder || isBelow(folder, file));
    if (over === undefined) return [];
    return [
      {
        code: "container.file-hidden",
        path: `${path}.files.${file}`,
        message: `${over.folder} is ${over.word}, which would hide it`,
        hint: "put the file elsewhere, and lead the application there",
      },
    ];
  });
  const alsoFolders = paths.flatMap((file) => {
    const below = [...paths, ...folders.map(({ folder }) => folder)].find((one) => isBelow(file, one));
    if (below === undefined) return [];
    return [
      {
        code: "container.file-is-folder",
        path: `${path}.files.${file}`,
        message: `${below} lies below it, so it would have to be a folder`,
        hint: "choose another path for one of the two",
      },
    ];
  });
  return [...twice, ...hidden, ...alsoFolders];
};

const isBelow = (folder: string, path: string) => path.startsWith(`${folder}/`);

const limitsInOrder: ContainerRule = ({ ulimits }, path) =>
  Object.keys(ulimits).flatMap((name) => {
    const bounds = own(ulimits, name);
    if (bounds === undefined || bounds.hard === -1 || (bounds.soft !== -1 && bounds.soft <= bounds.hard))
      return [];
    return [
      {
        code: "container.limit-above-hard",
        path: `${path}.ulimits.${name}`,
        message: `the soft limit ${bounds.soft === -1 ? "(none)" : bounds.soft} is above the hard one, ${bounds.hard}`,
        hint: "make `soft` at most `hard`",
      },
    ];
  });

const rules: readonly ContainerRule[] = [partThere, serviceWhole, memoryHolds, pathsApart, limitsInOrder];

/** What is wrong with what one container is given. */
export const containerProblems: ContainerRule = (container, path, spec) =>
  rules.flatMap((rule) => rule(container, path, spec));
