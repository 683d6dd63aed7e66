/*
 * Types whose end loses what nothing can make again. A state tells which resources exist, never what is in them.
 */

/** Names of resources by package and module, as in their type tokens. */
export const dataHolders: Readonly<Record<string, readonly string[]>> = {
  "docker:index": ["Volume"],
  "aws:backup": ["Vault"],
  "aws:cognito": ["UserPool"],
  "aws:docdb": ["Cluster", "ClusterSnapshot", "GlobalCluster"],
  "aws:dynamodb": ["GlobalTable", "Table", "TableReplica"],
  "aws:ebs": ["Snapshot", "SnapshotCopy", "Volume"],
  "aws:ec2": ["Ami", "AmiCopy", "AmiFromInstance"],
  "aws:ecr": ["Repository"],
  "aws:ecrpublic": ["Repository"],
  "aws:efs": ["FileSystem"],
  "aws:elasticache": ["Cluster", "ReplicationGroup", "ServerlessCache"],
  "aws:elasticsearch": ["Domain"],
  "aws:fsx": ["Backup", "LustreFileSystem", "OntapFileSystem", "OpenZfsFileSystem", "WindowsFileSystem"],
  "aws:glacier": ["Vault"],
  "aws:keyspaces": ["Keyspace", "Table"],
  "aws:kinesis": ["Stream"],
  "aws:kms": ["ExternalKey", "Key", "ReplicaKey"],
  "aws:memorydb": ["Cluster", "Snapshot"],
  "aws:msk": ["Cluster", "ServerlessCluster"],
  "aws:neptune": ["Cluster", "ClusterSnapshot"],
  "aws:opensearch": ["Domain"],
  "aws:qldb": ["Ledger"],
  "aws:rds": ["Cluster", "ClusterSnapshot", "GlobalCluster", "Instance", "Snapshot"],
  "aws:redshift": ["Cluster", "ClusterSnapshot"],
  "aws:s3": ["Bucket", "BucketV2", "DirectoryBucket"],
  "aws:secretsmanager": ["Secret", "SecretVersion"],
  "aws:sqs": ["Queue"],
  "aws:ssm": ["Parameter"],
  "aws:timestreamwrite": ["Table"],
  "tls:index": ["PrivateKey"],
  "random:index": ["RandomPassword", "RandomBytes"],
};

/** @param type a type token, e.g. `aws:rds/instance:Instance` or `docker:index/volume:Volume` */
export function holdsData(type: string): boolean {
  const [pack = "", module = "", name = ""] = type.split(":");
  return dataHolders[`${pack}:${module.split("/")[0]}`]?.includes(name) ?? false;
}
