import { containerParts, isSaid } from "../container.ts";
import { own } from "../own.ts";
import { platformTraits } from "../platforms/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, ContainerSpec } from "../spec.ts";

/** A rule about what one container is given; paths start with the pool's or the accessory's. */
type ContainerRule = (container: ContainerSpec, path: string, spec: ClusterSpec) => Problem[];

const partThere: ContainerRule = (container, path, { platform }) => {
  const there = platformTraits(platform.kind).containers;
  return containerParts
    .filter((part) => isSaid(container[part]) && !there.includes(part))
    .map((part) => ({
      code: "container.not-there",
      path: `${path}.${part}`,
      message: `nodes on the platform "${platform.kind}" can't be given \`${part}\` yet`,
      hint: `make it part of the image, or leave it out${there.length === 0 ? "" : `; what nodes can be given there is [${there.join(", ")}]`}`,
    }));
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

/** One folder over another would hide it. */
const pathsApart: ContainerRule = ({ tmpfs }, path) => {
  const paths = Object.keys(tmpfs).sort();
  return paths.flatMap((one) => {
    const over = paths.find((other) => one.startsWith(`${other}/`));
    if (over === undefined) return [];
    return [
      {
        code: "container.path-hidden",
        path: `${path}.tmpfs.${one}`,
        message: `it lies in "${over}", which is in memory already`,
        hint: "leave out one of the two",
      },
    ];
  });
};

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

const rules: readonly ContainerRule[] = [partThere, memoryHolds, pathsApart, limitsInOrder];

/** What is wrong with what one container is given. */
export const containerProblems: ContainerRule = (container, path, spec) =>
  rules.flatMap((rule) => rule(container, path, spec));
