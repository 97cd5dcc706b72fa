import type { Disk } from "../../../components/keeper/program/disk";

/** The same disk, which tells before each step the number of steps before it. */
export function countedDisk(disk: Disk, before: (step: number) => void): Disk {
  let steps = 0;
  const next = () => before(steps++);
  return {
    names(folder) {
      next();
      return disk.names(folder);
    },
    stat(path) {
      next();
      return disk.stat(path);
    },
    read(path) {
      next();
      return disk.read(path);
    },
    write(path, text) {
      next();
      disk.write(path, text);
    },
    writeThrough(path, text) {
      next();
      disk.writeThrough(path, text);
    },
    move(from, to) {
      next();
      return disk.move(from, to);
    },
    link(from, to) {
      next();
      return disk.link(from, to);
    },
    removeFile(path) {
      next();
      return disk.removeFile(path);
    },
    removeFolder(path) {
      next();
      return disk.removeFolder(path);
    },
  };
}
