import type * as pulumi from "@pulumi/pulumi";
import type { Identity } from "./identity";
import type { Files } from "./uploads";

/** What the containers of a server and of its helpers are made from, whichever server it is. */
export interface ServerParts {
  /** Logical name of the component. */
  readonly name: string;
  /** Name and labels on the Docker host, by role. */
  readonly named: Identity;
  readonly image: pulumi.Input<string>;
  readonly files: pulumi.Output<Files>;
  /** Folder of these files. */
  readonly generation: pulumi.Output<string>;
}
