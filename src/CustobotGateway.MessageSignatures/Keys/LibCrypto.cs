using System.Runtime.InteropServices;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>
/// The few calls into OpenSSL's libcrypto that .NET has no door to. It is the library that .NET itself has loaded for TLS and for the other algorithms.
/// </summary>
internal static partial class LibCrypto
{
    public const int Ed25519Id = 1087;

    private const string Library = "custobot-libcrypto";

    private static readonly string[] Names =
    [
        .. Environment.GetEnvironmentVariable("CLR_OPENSSL_VERSION_OVERRIDE") is { Length: > 0 } version ? [$"libcrypto.so.{version}"] : Array.Empty<string>(),
        "libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
    ];

    /// <summary>Whether the library was found. Asked before any call: it is what makes the calls find it.</summary>
    public static bool IsLoaded { get; } = Load();

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_get_raw_public_key(KeyHandle key, Span<byte> raw, ref nuint length);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, KeyHandle key);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerify(nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message, nuint length);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, KeyHandle key);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestSign(nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint length);

    [LibraryImport(Library)]
    internal static partial void ERR_clear_error();

    private static bool Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var loaded))
            {
                NativeLibrary.SetDllImportResolver(typeof(LibCrypto).Assembly, (asked, _, _) => asked == Library ? loaded : 0);
                return true;
            }
        }
        return false;
    }

    /// <summary>A key of the library.</summary>
    internal sealed class KeyHandle : SafeHandle
    {
        public KeyHandle(nint key)
            : base(0, ownsHandle: true) => SetHandle(key);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            EVP_PKEY_free(handle);
            return true;
        }
    }
}
