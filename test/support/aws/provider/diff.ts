import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { changedPaths, isWithin, valuesAt } from "../catalogue/paths.ts";
import type { Fields, ResourceType } from "../catalogue/types.ts";

export interface Difference {
  /** Paths, sorted. */
  readonly changed: readonly string[];
  /** Those of them that can't be changed in place. */
  readonly replaces: readonly string[];
  /** Whether the provider wants the old one gone before the new one is made. */
  readonly deleteFirst: boolean;
}

/**
 * How the inputs of a resource differ. Pulumi's bridge to Terraform's providers asks to delete first whenever a resource that is
 * replaced has a name that a person chose, even when the name changes as well (`nameRequiresDeleteBeforeReplace` in its
 * pkg/tfbridge/schema.go); a program may say otherwise by `deleteBeforeReplace: false`.
 */
export function compare(type: ResourceType, before: Fields, after: Fields): Difference {
  const changed = changedPaths(before, after, type.sets ?? []);
  const never = [...type.replaces, ...(type.replacesWhen?.(before, after) ?? [])];
  const replaces = changed.filter((path) => never.some((property) => isWithin(path, property)));
  const named = type.name !== undefined && after[type.name] !== undefined;
  return { changed, replaces, deleteFirst: replaces.length > 0 && named };
}

/** The kinds come in pairs: the second of each forces the replacement. */
export function detailsOf({ changed, replaces }: Difference, before: Fields, after: Fields) {
  const { Kind } = messages.PropertyDiff;
  return changed.map((path) => {
    const replacing = replaces.includes(path);
    const kinds = replacing
      ? { add: Kind.ADD_REPLACE, remove: Kind.DELETE_REPLACE, change: Kind.UPDATE_REPLACE }
      : { add: Kind.ADD, remove: Kind.DELETE, change: Kind.UPDATE };
    const kind =
      valuesAt(before, path).length === 0
        ? kinds.add
        : valuesAt(after, path).length === 0
          ? kinds.remove
          : kinds.change;
    return [path, new messages.PropertyDiff().setKind(kind).setInputdiff(true)] as const;
  });
}
