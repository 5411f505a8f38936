using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Storage;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Tests.Grants;

/// <summary>Does what the statements of <see cref="IRefreshTokens"/> do, one at a time.</summary>
internal sealed class MemoryRefreshTokens : IRefreshTokens
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SecretHash, RefreshToken> _rows = [];
    private readonly Dictionary<SecretHash, SecretHash> _successors = [];

    public ValueTask AddAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _rows.Add(token.Hash, token);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask<RefreshToken?> FindAsync(SecretHash hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(!_rows.TryGetValue(hash, out var row) ? null
                : row with { SuccessorIsConsumed = _successors.TryGetValue(hash, out var next) && _rows[next].ConsumedAt is not null });
        }
    }

    public ValueTask<bool> TryRotateAsync(SecretHash hash, RefreshToken successor, byte[]? sealedSuccessor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_rows[hash] is { ConsumedAt: not null } or { FamilyRevokedAt: not null })
            {
                return new(false);
            }
            _rows[hash] = _rows[hash] with { ConsumedAt = now, SealedSuccessor = sealedSuccessor };
            _rows.Add(successor.Hash, successor);
            _successors[hash] = successor.Hash;
            return new(true);
        }
    }

    public ValueTask RevokeFamilyAsync(string familyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var (hash, row) in _rows.Where(pair => pair.Value.FamilyId == familyId).ToList())
            {
                _rows[hash] = row with { FamilyRevokedAt = now };
            }
        }
        return ValueTask.CompletedTask;
    }
}
