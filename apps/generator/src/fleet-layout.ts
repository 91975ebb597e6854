/** The regions of the simulated fleet. The first name has underscores for historical reasons. */
export const regions = [
  { name: 'us_east_1', cellsCount: 15, silosPerCell: 3 },
  { name: 'us-east-2', cellsCount: 2, silosPerCell: 2 },
  { name: 'us-west-1', cellsCount: 6, silosPerCell: 2 },
  { name: 'us-west-2', cellsCount: 2, silosPerCell: 2 },
  { name: 'eu-west-1', cellsCount: 10, silosPerCell: 2 },
  { name: 'ap-northeast-1', cellsCount: 5, silosPerCell: 3 },
] as const;

/** The microservices that run in every silo. */
export const microservices = [
  {
    name: 'apollo',
    instancesCount: 3,
    instanceType: 'r5.4xlarge',
    osVersion: 'AL2',
    jdkVersion: 'JDK_11',
    processes: ['server'],
  },
  {
    name: 'athena',
    instancesCount: 1,
    instanceType: 'm5.8xlarge',
    osVersion: 'AL2012',
    jdkVersion: 'JDK_8',
    processes: ['server', 'host_manager'],
  },
  {
    name: 'demeter',
    instancesCount: 1,
    instanceType: 'c5.16xlarge',
    osVersion: 'AL2012',
    jdkVersion: 'JDK_8',
    processes: ['server', 'host_manager'],
  },
  {
    name: 'hercules',
    instancesCount: 2,
    instanceType: 'r5.4xlarge',
    osVersion: 'AL2012',
    jdkVersion: 'JDK_8',
    processes: ['server'],
  },
  {
    name: 'zeus',
    instancesCount: 3,
    instanceType: 'm5.4xlarge',
    osVersion: 'AL2',
    jdkVersion: 'JDK_11',
    processes: ['server'],
  },
] as const;
