import type { PrivateRegistryArgs } from "../components";

type KindOf<Value> = Value extends string
  ? "text"
  : Value extends number
    ? "number"
    : Value extends boolean
      ? "boolean"
      : Value extends readonly string[]
        ? "texts"
        : Value extends readonly number[]
          ? "numbers"
          : Value extends readonly (infer Item)[]
            ? { readonly items: KindOf<Item> }
            : string extends keyof Value
              ? unknown extends Value[keyof Value]
                ? "map"
                : { readonly every: KindOf<Value[keyof Value]> }
              : { readonly keys: Shape<Value>; readonly needs?: readonly (keyof Value)[] };

/** A kind for every key of an interface: the compiler refuses a table that lacks one or has one too many. */
type Shape<Args> = { readonly [Key in keyof Args]-?: KindOf<NonNullable<Args[Key]>> };

const resources = { keys: { memoryMib: "number", cpus: "number", openFiles: "number" } } as const;

/** The key `settings` of a stack file: the arguments of the registry. */
export const settingsKind = {
  keys: {
    hostnames: "texts",
    front: "text",
    external: {
      keys: {
        trustedAddresses: "texts",
        dockerNetwork: "text",
        publicPort: "number",
        encrypted: "boolean",
        caCertificatePem: "text",
      },
      needs: ["trustedAddresses"],
    },
    port: "number",
    bindAddress: "text",
    networkSubnets: "texts",
    extraSans: "texts",
    users: {
      items: {
        keys: {
          name: "text",
          password: "text",
          passwordGeneration: "number",
          groups: "texts",
          expires: "text",
        },
        needs: ["name"],
      },
    },
    access: {
      items: {
        keys: {
          repositories: "texts",
          users: "texts",
          groups: "texts",
          anonymous: "boolean",
          actions: "texts",
        },
        needs: ["repositories", "actions"],
      },
    },
    immutableTags: {
      items: { keys: { repositories: "texts", tags: "texts" }, needs: ["repositories", "tags"] },
    },
    clientUser: "text",
    installScriptUsers: "texts",
    clientAddress: "text",
    certificateSource: "text",
    certificate: {
      keys: {
        validityDays: "number",
        renewalDays: "number",
        caValidityDays: "number",
        keyAlgorithm: "text",
        organization: "text",
        organizationalUnit: "text",
        country: "text",
        province: "text",
        locality: "text",
      },
    },
    caGeneration: "number",
    caRetiredGeneration: "number",
    ownAuthority: {
      keys: { certificatePem: "text", privateKeyPem: "text", rootPem: "text" },
      needs: ["certificatePem"],
    },
    ownCertificate: {
      keys: { certificatePem: "text", privateKeyPem: "text", chainPem: "text", caCertificatePem: "text" },
      needs: ["certificatePem"],
    },
    acme: {
      keys: {
        email: "text",
        directoryUrl: "text",
        challengePort: "number",
        eabKeyId: "text",
        eabHmacKey: "text",
        networkSubnets: "texts",
        directoryCaPem: "text",
        rootCaPem: "text",
        renewalDays: "number",
        image: "text",
      },
      needs: ["email"],
    },
    keepGeneratedAuthority: "boolean",
    requireClientCertificates: "boolean",
    extraCaCertificatesPem: "text",
    storage: {
      keys: {
        volumeName: "text",
        hostPath: "text",
        takeOwnership: "boolean",
        s3: {
          keys: {
            bucket: "text",
            endpoint: "text",
            folder: "text",
            region: "text",
            accessKey: "text",
            secretKey: "text",
            credentialsFile: "text",
            pathStyle: "boolean",
            redirect: "boolean",
          },
          needs: ["bucket"],
        },
      },
    },
    keepDataOnDestroy: "boolean",
    registry: {
      keys: {
        dialect: "text",
        deleteEnabled: "boolean",
        readOnly: "boolean",
        cache: "text",
        healthIntervalSeconds: "number",
        healthThreshold: "number",
        logLevel: "text",
        logFormat: "text",
        logFields: { every: "text" },
        accessLog: "boolean",
        headers: { every: "texts" },
        uploadPurging: "boolean",
        uploadPurgeAgeHours: "number",
        uploadPurgeIntervalHours: "number",
        httpSecret: "text",
        drainSeconds: "number",
        tagLookupConcurrency: "number",
        schema1: "boolean",
      },
    },
    retention: {
      items: {
        keys: {
          repositories: "texts",
          tags: "texts",
          keepNewest: "number",
          maxTags: "number",
          deleteAfterDays: "number",
          keepTags: "texts",
        },
        needs: ["repositories"],
      },
    },
    registryConfigOverrides: "map",
    outgoing: { keys: { proxy: "text", proxyExceptions: "texts", caCertificatesPem: "text" } },
    keeper: {
      keys: {
        enabled: "boolean",
        collectAt: "text",
        graceHours: "number",
        undoDays: "number",
        untaggedDays: "number",
        scrubDays: "number",
      },
    },
    diskGuard: {
      keys: {
        enabled: "boolean",
        refuseAtPercent: "number",
        refuseBelowMib: "number",
        resumeAtPercent: "number",
        collectAtPercent: "number",
      },
    },
    quotas: {
      items: {
        keys: { repositories: "texts", maxMib: "number" },
        needs: ["repositories", "maxMib"],
      },
    },
    backup: {
      keys: {
        folder: "text",
        sftp: {
          keys: {
            host: "text",
            port: "number",
            user: "text",
            folder: "text",
            hostKeys: "texts",
            privateKey: "text",
          },
          needs: ["host", "user", "folder", "hostKeys"],
        },
        s3: {
          keys: {
            endpoint: "text",
            bucket: "text",
            folder: "text",
            region: "text",
            accessKey: "text",
            secretKey: "text",
          },
          needs: ["endpoint", "bucket", "accessKey"],
        },
        at: "text",
        password: "text",
        keep: {
          keys: { last: "number", daily: "number", weekly: "number", monthly: "number", yearly: "number" },
        },
        image: "text",
        resources,
      },
    },
    limits: {
      keys: {
        allowedAddresses: "texts",
        requestsPerSecond: "number",
        requestBurst: "number",
        connectionsPerAddress: "number",
        loginsPerSecond: "number",
        loginBurst: "number",
      },
    },
    waf: {
      keys: {
        paranoiaLevel: "number",
        anomalyThreshold: "number",
        detectionOnly: "boolean",
        excludedRules: "numbers",
        bodyLimit: "number",
      },
    },
    proxySnippet: "text",
    blobCache: { keys: { sizeGib: "number" } },
    proxyServesBlobs: "boolean",
    log: { keys: { format: "text", auditDays: "number" } },
    metrics: { keys: { users: "texts", allowedAddresses: "texts" } },
    page: "boolean",
    realm: "text",
    logRotation: { keys: { maxSize: "text", maxFiles: "number" } },
    timeZone: "text",
    registryImage: "text",
    proxyImage: "text",
    keeperImage: "text",
    registryResources: resources,
    proxyResources: resources,
    keeperResources: resources,
    labels: { every: "text" },
  },
  needs: ["hostnames"],
} as const satisfies KindOf<PrivateRegistryArgs>;
