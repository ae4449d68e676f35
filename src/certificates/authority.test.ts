import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import { CertificateAuthority } from "./authority.ts";

const NOW = new Date("2030-05-06T07:08:09Z");

test("an issued certificate is signed by its authority, fits its key and names user and groups", () => {
  const ca = CertificateAuthority.create("test authority", NOW);
  const issued = ca.issue({ commonName: "admin", organizations: ["system:masters", "ops"] }, NOW);
  const certificate = new X509Certificate(issued.certificate);

  expect(certificate.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
  expect(certificate.subject).toBe("O=system:masters\nO=ops\nCN=admin");
  expect(certificate.issuer).toBe("CN=test authority");
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
});

test("an authority is marked as one and valid from an hour ago, for ten years", () => {
  const certificate = new X509Certificate(CertificateAuthority.create("x", NOW).certificate);

  expect(certificate.ca).toBe(true);
  expect(certificate.validFromDate).toEqual(new Date("2030-05-06T06:08:09Z"));
  expect(certificate.validToDate).toEqual(new Date("2040-05-03T07:08:09Z"));
});

test("an expiry from 2050 on is written with a four-digit year", () => {
  const certificate = new X509Certificate(
    CertificateAuthority.create("x", new Date("2045-01-01T00:00:00Z")).certificate,
  );

  expect(certificate.validToDate.getUTCFullYear()).toBe(2054);
});

test("a server certificate holds for its hosts and for no other", () => {
  const ca = CertificateAuthority.create("x", NOW);
  const certificate = new X509Certificate(
    ca.issue({ commonName: "s", hosts: ["localhost", "127.0.0.1"] }, NOW).certificate,
  );

  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
});

test("OpenSSL accepts both sides of a mutually authenticated connection", async () => {
  const ca = CertificateAuthority.create("x");
  const forServer = ca.issue({ commonName: "server", hosts: ["127.0.0.1"] });
  const forClient = ca.issue({ commonName: "client" });
  const server = createServer({
    cert: forServer.certificate,
    key: forServer.key,
    ca: ca.certificate,
    requestCert: true,
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const accepted = once(server, "secureConnection");
  const socket = connect({
    host: "127.0.0.1",
    port: address.port,
    cert: forClient.certificate,
    key: forClient.key,
    ca: ca.certificate,
  });
  await once(socket, "secureConnect");
  const [peer] = await accepted;

  expect(socket.authorized).toBe(true);
  expect(peer.getPeerCertificate().subject.CN).toBe("client");
  socket.destroy();
  peer.destroy();
  server.close();
});
