using System.Security.Cryptography;

namespace CustobotGateway.MessageSignatures.Keys;

/// <summary>Ed25519 (RFC 8032), which .NET has not. A key may be used by any number of threads at once.</summary>
public sealed class Ed25519 : IDisposable
{
    /// <summary>How long public and private keys are.</summary>
    public const int KeyBytes = 32;

    /// <summary>How long signatures are.</summary>
    public const int SignatureBytes = 64;

    // RFC 8032 §7.1, test 1: of the empty message.
    private static readonly byte[] TestKey = Convert.FromHexString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private static readonly byte[] TestSignature = Convert.FromHexString(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");

    private readonly LibCrypto.KeyHandle _key;
    private readonly bool _isPrivate;

    private Ed25519(nint key, bool isPrivate) => (_key, _isPrivate) = (new LibCrypto.KeyHandle(key), isPrivate);

    /// <summary>Whether the machine has an OpenSSL that verifies the standard's own vector.</summary>
    public static bool IsAvailable { get; } = Works();

    /// <summary>What to say where it is not.</summary>
    public const string Absence = "Ed25519 is not available: no libcrypto of OpenSSL 3 (or 1.1.1) was found on this machine, or it refuses the algorithm. Install OpenSSL 3.";

    /// <summary>A public key; null if it is none, or where the algorithm is not available.</summary>
    public static Ed25519? OfPublic(ReadOnlySpan<byte> key) => IsAvailable ? MakePublic(key) : null;

    /// <summary>A private key, the seed of RFC 8032; null if it is none, or where the algorithm is not available.</summary>
    public static Ed25519? OfPrivate(ReadOnlySpan<byte> seed)
    {
        if (!IsAvailable || seed.Length != KeyBytes)
        {
            return null;
        }
        var key = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.Ed25519Id, 0, seed, KeyBytes);
        return key == 0 ? Failed<Ed25519>() : new Ed25519(key, isPrivate: true);
    }

    /// <summary>The public key's 32 bytes.</summary>
    public byte[] PublicKey()
    {
        var raw = new byte[KeyBytes];
        nuint length = KeyBytes;
        return LibCrypto.EVP_PKEY_get_raw_public_key(_key, raw, ref length) == 1 && length == KeyBytes ? raw : throw new CryptographicException("The key could not be read.");
    }

    /// <summary>True if the signature is the key's over the message.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes)
        {
            return false;
        }
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            if (context != 0 && LibCrypto.EVP_DigestVerifyInit(context, 0, 0, 0, _key) == 1
                && LibCrypto.EVP_DigestVerify(context, signature, SignatureBytes, message, (nuint)message.Length) == 1)
            {
                return true;
            }
            // What is left in the thread's queue would be taken for the failure of whatever .NET asks the library next.
            LibCrypto.ERR_clear_error();
            return false;
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    /// <summary>Signs; the same message has the same signature each time.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        if (!_isPrivate)
        {
            throw new InvalidOperationException("A public key signs nothing.");
        }
        var signature = new byte[SignatureBytes];
        nuint length = SignatureBytes;
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            if (context != 0 && LibCrypto.EVP_DigestSignInit(context, 0, 0, 0, _key) == 1
                && LibCrypto.EVP_DigestSign(context, signature, ref length, message, (nuint)message.Length) == 1 && length == SignatureBytes)
            {
                return signature;
            }
            LibCrypto.ERR_clear_error();
            throw new CryptographicException("The message could not be signed.");
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static Ed25519? MakePublic(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            return null;
        }
        var made = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.Ed25519Id, 0, key, KeyBytes);
        return made == 0 ? Failed<Ed25519>() : new Ed25519(made, isPrivate: false);
    }

    private static T? Failed<T>()
        where T : class
    {
        LibCrypto.ERR_clear_error();
        return null;
    }

    private static bool Works()
    {
        if (!LibCrypto.IsLoaded)
        {
            return false;
        }
        try
        {
            using var key = MakePublic(TestKey);
            return key is not null && key.Verify([], TestSignature);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }
}
