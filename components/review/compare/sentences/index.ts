import { reviewOfSides } from "../../platforms/select.ts";
import { directorSentences } from "../directors.ts";
import type { Known } from "../known.ts";
import type { Sentence } from "../types.ts";
import { firstOf } from "../words.ts";
import { besideSentences } from "./beside.ts";
import { clusterSentences, networkSentences } from "./cluster.ts";
import { groupSentences } from "./groups.ts";
import { poolSentences } from "./pools.ts";
import { routeSentences } from "./routes.ts";
import { reloadSentences, tierSentences } from "./tier.ts";

/** A sentence for each subject that changes: from what concerns all of the cluster to what stands beside it. */
export function sentencesOf(known: Known): Sentence[] {
  const sentences = [
    ...clusterSentences(known),
    ...networkSentences(known),
    ...directorSentences(known),
    ...tierSentences(known),
    ...poolSentences(known),
    ...groupSentences(known),
    ...reviewOfSides(known.plans).sentences(known),
    ...routeSentences(known),
    ...besideSentences(known),
    ...reloadSentences(known),
  ];
  return sentences.length === 0 ? otherwise(known) : sentences;
}

/** The kit makes something else of the same settings: nothing of the subjects above differs, and files do all the same. */
function otherwise({ files }: Known): Sentence[] {
  if (files.length === 0) return [];
  const paths = [...new Set(files.map(({ path }) => path))];
  return [
    { subject: "cluster", text: `the kit makes other files of the same settings: ${firstOf(paths, 4)}` },
  ];
}
