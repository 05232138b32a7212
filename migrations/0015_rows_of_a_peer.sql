-- What a peer may ask for is found by that peer's rows alone: no statement made for it passes over those of others on its way.

CREATE INDEX received_of_peer ON received (peer, position);
CREATE INDEX offer_refused_of_peer ON offer (peer) WHERE state = 'refused';
