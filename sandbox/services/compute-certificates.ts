// Classic certificates and TLS policies of load balancers.
import { invalidField } from "../api-error";
import type { Behavior } from "../behavior";
import { asText, isZero, type Props, valuesAt } from "../values";
import { computeType, globalId } from "./compute";
import { lengthBetween } from "./rules";

export const MANAGED_CERTIFICATE = "gcp:compute/managedSslCertificate:ManagedSslCertificate";
export const CERTIFICATE = "gcp:compute/sSLCertificate:SSLCertificate";
export const SSL_POLICY = "gcp:compute/sSLPolicy:SSLPolicy";

const FEATURES: Record<string, string[]> = {
    RESTRICTED: ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
    MODERN: [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    ],
};

function refusePolicy({ profile, minTlsVersion, customFeatures }: Props): void {
    if (minTlsVersion === "TLS_1_3" && profile !== "RESTRICTED") {
        throw invalidField(
            "minTlsVersion",
            minTlsVersion,
            "TLS 1.3 as the minimum version is only supported with the RESTRICTED profile",
        );
    }
    if (profile === "FIPS_202205" && minTlsVersion !== "TLS_1_2") {
        throw invalidField("minTlsVersion", minTlsVersion, "The FIPS_202205 profile requires TLS_1_2");
    }
    if (profile === "CUSTOM" && isZero(customFeatures)) {
        throw invalidField("customFeatures", "", "The CUSTOM profile requires custom features");
    }
    if (profile !== "CUSTOM" && !isZero(customFeatures)) {
        throw invalidField(
            "customFeatures",
            customFeatures,
            "Custom features are only supported with the CUSTOM profile",
        );
    }
}

export const computeCertificates: Record<string, Behavior> = {
    [MANAGED_CERTIFICATE]: computeType("ssl_certificate", globalId("sslCertificates"), "certificateId", {
        suppress: {
            "managed.domains": (old, next) => old.replace(/\.$/, "") === next.replace(/\.$/, "") && old !== "",
        },
        refuse: (certificate) => {
            for (const [index, domain] of valuesAt(certificate, "managed.domains").entries()) {
                if (asText(domain).startsWith("*")) {
                    throw invalidField(`managed.domains[${index}]`, domain, "Wildcard domains not supported.");
                }
            }
        },
        fill: (certificate) => {
            certificate.subjectAlternativeNames = valuesAt(certificate, "managed.domains");
        },
    }),
    [CERTIFICATE]: computeType("ssl_certificate", globalId("sslCertificates"), "certificateId", {
        validate: { namePrefix: lengthBetween(0, 54) },
        fill: (certificate, world) => {
            if (isZero(certificate.name)) certificate.name = `${asText(certificate.namePrefix)}${world.serial()}`;
        },
    }),
    [SSL_POLICY]: computeType("ssl_policy", globalId("sslPolicies"), undefined, {
        refuse: refusePolicy,
        fill: (policy) => {
            policy.enabledFeatures = isZero(policy.customFeatures)
                ? (FEATURES[asText(policy.profile)] ?? [])
                : policy.customFeatures;
        },
    }),
};
