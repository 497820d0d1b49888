/** What other rooms may use of the store. */
export { atomicWrite } from './atomic-write.js'
export { CsvError, readCsv, writeCsv } from './csv.js'
export { appendJournal, type JournalEntry, readJournal } from './journal.js'
export { type Manifest, readManifest, sha256, writeManifest } from './manifest.js'
export { mergeRows } from './merge-rows.js'
export {
  changedSince,
  hashFiles,
  mergeStages,
  type ResultFolder,
  readResults,
  resultFolder,
  sealResults,
  writeExperimentFile,
  writeResults,
} from './result-folder.js'
export { rowsFromCsv, rowsToCsv } from './rows-csv.js'
export { readRowsCsv, writeRowsCsv } from './rows-file.js'
export { readRowsParquet, writeRowsParquet } from './rows-parquet.js'
export { readStagesCsv, type StageRow, stagesFromCsv, stagesToCsv, writeStagesCsv } from './stages.js'
