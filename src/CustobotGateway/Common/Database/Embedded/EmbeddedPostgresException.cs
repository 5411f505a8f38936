namespace CustobotGateway.Common.Database.Embedded;

/// <summary>Why the private database could not be had, in words for the person at the keyboard.</summary>
public sealed class EmbeddedPostgresException(string message) : Exception(message);
