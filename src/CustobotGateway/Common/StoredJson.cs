using System.Text.Json;
using System.Text.Json.Serialization;

namespace CustobotGateway.Common;

/// <summary>
/// How JSON that this gateway stored is read back: members that are null were left out when it was written, and an event of an
/// earlier version may lack members, or of a later one have more. What callers send is read with <see cref="Json.Options"/>.
/// </summary>
public static class StoredJson
{
    /// <summary>Lenient on what is missing or unknown, otherwise as <see cref="Json.Options"/>.</summary>
    public static readonly JsonSerializerOptions Options = new(Json.Options)
    {
        RespectRequiredConstructorParameters = false,
        RespectNullableAnnotations = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };
}
