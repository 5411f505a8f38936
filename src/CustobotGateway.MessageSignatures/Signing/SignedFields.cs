namespace CustobotGateway.MessageSignatures.Signing;

/// <summary>The two fields that a signature is sent in.</summary>
/// <param name="Input">The value of Signature-Input.</param>
/// <param name="Signature">The value of Signature.</param>
public sealed record SignedFields(string Input, string Signature);
