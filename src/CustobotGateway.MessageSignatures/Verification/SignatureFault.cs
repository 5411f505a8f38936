namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>Why a signature is not believed. Later ones came further: of several signatures the one that came furthest gives the reason.</summary>
public enum SignatureFault
{
    /// <summary>It is believed.</summary>
    None,

    /// <summary>There is no signature at all.</summary>
    NoSignature,

    /// <summary>No signature has a tag of the profiles; it is meant for somebody else.</summary>
    WrongTag,

    /// <summary>A label of Signature-Input has no signature.</summary>
    NoSignatureForLabel,

    /// <summary>A field is no structured field, too long, or says what makes no sense.</summary>
    Malformed,

    /// <summary>created, expires, keyid or another required parameter is absent.</summary>
    MissingParameter,

    /// <summary>It was created later than now.</summary>
    CreatedInFuture,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It is good for longer than the profile lets it be.</summary>
    LifeTooLong,

    /// <summary>It does not say for which host it is.</summary>
    AuthorityNotCovered,

    /// <summary>It does not say for which path it is.</summary>
    PathNotCovered,

    /// <summary>Signature-Agent was sent and is not covered.</summary>
    AgentNotCovered,

    /// <summary>A covered component is not in the message.</summary>
    MissingComponent,

    /// <summary>Nobody knows the key.</summary>
    UnknownKey,

    /// <summary>The parameter alg is not the key's algorithm.</summary>
    AlgorithmMismatch,

    /// <summary>The request was sent to another host than the key's owner may sign for.</summary>
    WrongAuthority,

    /// <summary>The signature is not the key's over this message.</summary>
    BadSignature,

    /// <summary>The nonce was used before.</summary>
    Replay,

    /// <summary>Whether the nonce was used before cannot be found out just now.</summary>
    ReplayUnknown,
}

/// <summary>The faults' names.</summary>
public static class SignatureFaults
{
    /// <summary>The name that is written in answers and logs.</summary>
    public static string Code(this SignatureFault fault) => fault switch
    {
        SignatureFault.None => "verified",
        SignatureFault.NoSignature => "no_signature",
        SignatureFault.WrongTag => "wrong_tag",
        SignatureFault.NoSignatureForLabel => "no_signature_for_label",
        SignatureFault.Malformed => "malformed",
        SignatureFault.MissingParameter => "missing_parameter",
        SignatureFault.CreatedInFuture => "created_in_future",
        SignatureFault.Expired => "expired",
        SignatureFault.LifeTooLong => "life_too_long",
        SignatureFault.AuthorityNotCovered => "authority_not_covered",
        SignatureFault.PathNotCovered => "path_not_covered",
        SignatureFault.AgentNotCovered => "agent_not_covered",
        SignatureFault.MissingComponent => "missing_component",
        SignatureFault.UnknownKey => "unknown_key",
        SignatureFault.AlgorithmMismatch => "alg_mismatch",
        SignatureFault.WrongAuthority => "wrong_authority",
        SignatureFault.BadSignature => "bad_signature",
        SignatureFault.Replay => "replay",
        _ => "replay_unknown",
    };
}
